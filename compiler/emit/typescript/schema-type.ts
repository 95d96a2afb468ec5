import type { Json, JsonObject, JsonSchema } from "../../../schema/ir.ts";
import {
  isMadeOf,
  isSchema,
  member,
  resolveReference,
  type Schemas,
  schemaList,
  schemaMap,
  type Target,
  typeNames,
} from "../../../schema/language/schema-reference.ts";
import type { NamePool } from "../names.ts";
import { discriminatorOf } from "./discriminator.ts";
import { literalType, propertyName, stringLiteral } from "./literal.ts";
import { block, type Direction, propertyLine, schemaDoc } from "./member-text.ts";
import { pascalCase } from "./names.ts";
import { combines, hasItems, hasParts, hasShape, isPlainObject } from "./schema-shape.ts";
import {
  after,
  atom,
  intersection,
  list,
  neverType,
  nullType,
  type TypeText,
  union,
  unknownType,
} from "./type-text.ts";

/** Where a schema stands. */
export interface Place {
  readonly direction: Direction;
  /** The document that its references are relative to. */
  readonly root: JsonSchema;
  /** The type that is being declared, for the names of what is inside. */
  readonly owner: string;
  readonly indent: string;
  /** The schema that is being declared, as long as neither an object nor a list lies between. */
  readonly declaring?: JsonSchema;
}

/** Types of a connector's schemas: each named one is declared once per direction, when first met. */
export interface SchemaTypes {
  typeOf(schema: JsonSchema, place: Place): TypeText;
  /** Declares `name` for a schema; wherever this very schema stands from now on, its name is written. */
  declare(name: string, schema: JsonSchema, place: Omit<Place, "owner" | "indent">): void;
  /** All declarations so far, and those that they bring along. */
  declarations(): readonly string[];
}

/** Types over the connector's shared schemas, with names from the pool. */
export function createSchemaTypes(schemas: Schemas, names: NamePool): SchemaTypes {
  const declared = { request: new Map<JsonSchema, string>(), response: new Map<JsonSchema, string>() };
  const waiting: (() => string)[] = [];

  function declare(name: string, schema: JsonSchema, place: Omit<Place, "owner" | "indent">): void {
    const known = declared[place.direction].get(schema);
    if (known !== undefined) {
      waiting.push(() => `export type ${name} = ${known};\n`);
      return;
    }
    if (typeof schema === "object") declared[place.direction].set(schema, name);
    waiting.push(() => declaration(name, schema, { ...place, owner: name, indent: "", declaring: schema }));
  }

  function declaration(name: string, schema: JsonSchema, place: Place): string {
    const doc = typeof schema === "object" ? schemaDoc(schema, "") : "";
    if (typeof schema === "object" && isPlainObject(schema))
      return `${doc}export interface ${name} ${objectType(schema, place).text}\n`;
    return `${doc}${after(`export type ${name} =`, structure(schema, place))};\n`;
  }

  function typeOf(schema: JsonSchema, place: Place): TypeText {
    const name = declared[place.direction].get(schema);
    if (name === undefined) return structure(schema, place);
    return place.declaring !== undefined &&
      isMadeOf({ schema, root: place.root, name }, place.declaring, schemas)
      ? unknownType
      : atom(name);
  }

  function structure(schema: JsonSchema, place: Place): TypeText {
    if (typeof schema === "boolean") return schema ? unknownType : neverType;
    const reference = member(schema, "$ref");
    const parts = [
      typeof reference === "string" ? referenceType(reference, place) : unknownType,
      ownType(schema, place),
      requiredOfParts(schema, place),
      ...schemaList(member(schema, "allOf")).map((part) => typeOf(part, place)),
      ...(["anyOf", "oneOf"] as const).map((key) => alternatives(schema, key, place)),
    ];
    const type = intersection(parts);
    return member(schema, "nullable") === true ? union([type, nullType], place.indent) : type;
  }

  function alternatives(schema: JsonObject, key: "anyOf" | "oneOf", place: Place): TypeText {
    const choices = schemaList(member(schema, key));
    if (choices.length === 0) return unknownType;
    const tagOf = discriminatorOf(schema, { schemas, root: place.root });
    return union(
      choices.map((choice) => {
        const tag = tagOf(choice);
        if (tag === undefined) return typeOf(choice, place);
        const values = tag.values.map(stringLiteral).join(" | ");
        return intersection([typeOf(choice, place), atom(`{ ${propertyName(tag.key)}: ${values} }`)]);
      }),
      place.indent,
    );
  }

  function referenceType(reference: string, place: Place): TypeText {
    const target = resolveReference(reference, { schemas, root: place.root });
    if (!target) return unknownType;
    if (typeof target.schema === "boolean") return target.schema ? unknownType : neverType;
    if (place.declaring !== undefined && isMadeOf(target, place.declaring, schemas)) return unknownType;
    const known = declared[place.direction].get(target.schema);
    if (known !== undefined) return atom(known);
    const name = names.take(targetName(target, place));
    declare(name, target.schema, { direction: place.direction, root: target.root });
    return atom(name);
  }

  /** A shared schema has its own name, and `Input` as sent; what is defined inside another schema bears the owner's name before. */
  function targetName(target: Target, place: Place): string {
    const shared = Object.hasOwn(schemas, target.name) && schemas[target.name] === target.schema;
    const own = pascalCase(target.name, "Schema");
    if (!shared) return `${place.owner}${own}`;
    return place.direction === "request" ? `${own}Input` : own;
  }

  function ownType(schema: JsonObject, place: Place): TypeText {
    if (Object.hasOwn(schema, "const"))
      return atom(literalType(member(schema, "const") ?? null) ?? "unknown");
    const allowed = member(schema, "enum");
    if (Array.isArray(allowed)) return enumType(allowed, place);
    const named = typeNames(schema);
    if (named.length > 0)
      return union(
        named.map((name) => namedType(name, schema, place)),
        place.indent,
      );
    if (hasShape(schema)) return objectType(schema, place);
    return hasItems(schema) ? arrayType(schema, place) : unknownType;
  }

  /** A response may bring a value that this version does not know yet; `string & {}` keeps the known ones in completions. */
  function enumType(values: readonly Json[], place: Place): TypeText {
    const types = values.map((value) => atom(literalType(value) ?? "unknown"));
    if (place.direction === "request" || values.length < 2) return union(types, place.indent);
    const open = (["string", "number"] as const).filter((kind) =>
      values.some((value) => typeof value === kind),
    );
    return union([...types, ...open.map((kind) => atom(`(${kind} & {})`))], place.indent);
  }

  function namedType(name: string, schema: JsonObject, place: Place): TypeText {
    switch (name) {
      case "string":
      case "boolean":
      case "null":
        return atom(name);
      case "integer":
      case "number":
        // Integers past 2^53 come as decimal strings; only a bigint sends them as numbers.
        return member(schema, "format") === "int64"
          ? union(
              ["number", "string", ...(place.direction === "request" ? ["bigint"] : [])].map(atom),
              place.indent,
            )
          : atom("number");
      case "array":
        return arrayType(schema, place);
      case "object":
        return combines(schema) && !hasShape(schema) ? unknownType : objectType(schema, place);
      default:
        return unknownType;
    }
  }

  function arrayType(schema: JsonObject, place: Place): TypeText {
    const inside = within(place, place.indent);
    const items = member(schema, "items");
    // Before 2020-12 a list under `items` was the tuple.
    const tuple = schemaList(member(schema, "prefixItems") ?? (Array.isArray(items) ? items : undefined));
    const rest = Array.isArray(items) ? member(schema, "additionalItems") : items;
    const element = typeOf(isSchema(rest) ? rest : true, inside);
    const readonly = place.direction === "request";
    if (tuple.length === 0) return list(element, readonly);
    const least = Number(member(schema, "minItems") ?? 0);
    const elements = tuple.map((part, index) => {
      const type = typeOf(part, inside);
      return index < least ? type.text : `${type.binding === "atom" ? type.text : `(${type.text})`}?`;
    });
    if (element.text !== "never") elements.push(`...${list(element, false).text}`);
    return readonly
      ? { text: `readonly [${elements.join(", ")}]`, binding: "prefix" }
      : atom(`[${elements.join(", ")}]`);
  }

  function objectType(schema: JsonObject, place: Place): TypeText {
    const inside = within(place, `${place.indent}  `);
    const requiredKeys = member(schema, "required");
    const required = new Set(Array.isArray(requiredKeys) ? requiredKeys : []);
    const properties = schemaMap(member(schema, "properties"));
    const isLeftToParts = (key: string, value: JsonSchema): boolean =>
      hasParts(schema) && required.has(key) && saysNoType(value);
    const lines = properties
      .filter(([key, value]) => passes(value, place.direction) && !isLeftToParts(key, value))
      .map(([key, value]) => property(key, value, required.has(key), inside));
    const index = indexType(schema, properties.length, inside);
    if (index !== undefined) lines.push(`${inside.indent}${after("[key: string]:", index)};\n`);
    if (lines.length > 0) return atom(block(lines, place.indent));
    // What the other side alone sets leaves nothing to say of what this is a part of.
    return atom(properties.length > 0 ? "{}" : "{ [key: string]: never }");
  }

  function property(key: string, schema: JsonSchema, required: boolean, place: Place): string {
    const doc = typeof schema === "object" ? schemaDoc(schema, place.indent) : "";
    return doc + propertyLine(key, typeOf(schema, place), required, place);
  }

  /** Members that a schema requires and another part of it declares: `{}` and null take from an optional one nothing but its absence. */
  function requiredOfParts(schema: JsonObject, { direction }: Place): TypeText {
    const required = member(schema, "required");
    if (!Array.isArray(required) || !hasParts(schema)) return unknownType;
    const own = new Map(schemaMap(member(schema, "properties")));
    const isElsewhere = (name: Json): boolean => {
      const property = own.get(String(name)) ?? {};
      return saysNoType(property) && passes(property, direction);
    };
    const names = new Set(required.filter(isElsewhere));
    if (names.size === 0) return unknownType;
    return atom(`{ ${[...names].map((name) => `${propertyName(String(name))}: {} | null`).join("; ")} }`);
  }

  /** What other keys may hold. Beside known keys it must cover their types too, so it says nothing. */
  function indexType(schema: JsonObject, known: number, place: Place): TypeText | undefined {
    const others = member(schema, "additionalProperties");
    const patterns = schemaMap(member(schema, "patternProperties"));
    const free = others === undefined ? known === 0 && patterns.length === 0 : others === true;
    if (free) return unknownType;
    const types = patterns.map(([, value]) => typeOf(value, place));
    if (isSchema(others) && others !== false) types.push(typeOf(others, place));
    if (types.length === 0) return undefined;
    return known > 0 ? unknownType : union(types, place.indent);
  }

  return {
    typeOf,
    declare,
    declarations() {
      const texts: string[] = [];
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) texts.push(next());
      return texts;
    },
  };
}

/** What only the server sets is not sent, and what it only takes is not answered (JSON Schema Validation 2020-12, section 9.4). */
function passes(schema: JsonSchema, direction: Direction): boolean {
  return (
    typeof schema === "boolean" || member(schema, direction === "request" ? "readOnly" : "writeOnly") !== true
  );
}

/** True of a property that only says which side sets it: another part says what it is. */
function saysNoType(schema: JsonSchema): boolean {
  return (
    typeof schema === "object" &&
    Object.keys(schema).every((key) => key === "readOnly" || key === "writeOnly")
  );
}

function within(place: Place, indent: string): Place {
  const { declaring: _, ...outer } = place;
  return { ...outer, indent };
}
