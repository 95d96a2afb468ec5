/** The names that stand outside templates: in `auth_type_ref`, chains, limits, pagination, tools, `$ref`s. */
import type { Cursor } from "../lower/cursor.ts";
import type { DeclaredOperation, DeclaredProfile } from "../lower/declared.ts";
import type { Lowering } from "../lower/lowering.ts";
import { allChains } from "../lower/oauth-after.ts";
import { profilesOf } from "../lower/operation.ts";
import { classifyReference, eachReference, embeddedSchemas } from "../lower/schemas.ts";
import { exactSpan } from "../read/scalar.ts";
import { entry } from "../read/tree.ts";
import { formOf, type SymbolTable } from "./declared-symbols.ts";
import { withoutQuotes } from "./scalar-offsets.ts";
import type { NamedSymbol, Occurrence } from "./symbols.ts";

export function plainOccurrences(lowering: Lowering, table: SymbolTable): readonly Occurrence[] {
  const { declared } = lowering;
  const finder = new Finder(lowering, table);
  for (const operation of declared.operations) finder.operation(operation);
  for (const profile of declared.profiles) finder.profile(profile);
  for (const chain of declared.chains) {
    const last = chain.steps.at(-1);
    finder.value(
      chain.at.at("final_credential_name"),
      (name) => last && table.get("extract", last.at.at("extract").at(name), name),
    );
    const users = declared.profiles.filter((profile) => profile.chain === chain);
    for (const item of chain.at.at("initial_credentials_required").items())
      finder.values(item, (name) => [
        ...users.flatMap(({ fields }) => {
          const field = fields.find(({ key }) => key === name);
          return (field && table.get("field", field.at, name)) ?? [];
        }),
        ...finder.setting(name),
      ]);
  }
  for (const { at } of allChains(declared).flatMap(({ steps }) => steps))
    finder.value(at.at("ttl_from").at("extract"), (name) =>
      table.get("extract", at.at("extract").at(name), name),
    );
  for (const tool of declared.tools) finder.tool(tool.at);
  finder.pagination(
    declared.root.at("defaults").at("pagination"),
    declared.operations.filter(({ at }) => !at.has("pagination")),
  );
  for (const schema of embeddedSchemas(declared.root))
    eachReference(schema, (ref, at) => finder.schema(ref, at));
  return finder.found;
}

class Finder {
  readonly found: Occurrence[] = [];
  readonly #lowering: Lowering;
  readonly #table: SymbolTable;

  constructor(lowering: Lowering, table: SymbolTable) {
    this.#lowering = lowering;
    this.#table = table;
  }

  value(at: Cursor, find: (name: string) => NamedSymbol | undefined, exact = true): void {
    this.values(at, (name) => [find(name)].filter((one) => one !== undefined), exact);
  }

  /** The scalar at a cursor as a name of all that `find` gives. */
  values(at: Cursor, find: (name: string) => readonly NamedSymbol[], exact = true): void {
    const { scalar } = at;
    if (typeof scalar?.value !== "string" || scalar.style === "block") return;
    const symbols = find(scalar.value);
    if (symbols.length === 0) return;
    const { text } = this.#lowering;
    const span = withoutQuotes(text, scalar.span);
    this.found.push({ span, symbols, role: "reference", form: formOf(text, scalar.span), exact });
  }

  /** Each key of a map as a name. */
  keys(map: Cursor, find: (name: string) => NamedSymbol | undefined): void {
    const { text } = this.#lowering;
    for (const [key] of map.entries()) {
      const symbol = find(key);
      const keySpan = entry(map.node, key)?.keySpan;
      if (!symbol || !keySpan) continue;
      const span = withoutQuotes(text, keySpan);
      this.found.push({
        span,
        symbols: [symbol],
        role: "reference",
        form: formOf(text, keySpan),
        exact: true,
      });
    }
  }

  setting(name: string): readonly NamedSymbol[] {
    const setting = this.#lowering.declared.settings.find(({ key }) => key === name);
    return [setting && this.#table.get("setting", setting.at, name)].filter((one) => one !== undefined);
  }

  parameter({ parameters }: DeclaredOperation, name: string): NamedSymbol | undefined {
    const parameter = parameters.find((one) => one.name === name);
    return parameter && this.#table.get("parameter", parameter.at, name);
  }

  operation(operation: DeclaredOperation): void {
    const { at } = operation;
    const { profiles, limits } = this.#lowering.declared;
    for (const ref of at.at("auth_type_ref").itemsOrSelf()) {
      const name = ref.string();
      const byId = profiles.filter((profile) => profile.id === name).slice(0, 1);
      const meant = byId.length > 0 ? byId : profiles.filter((profile) => profile.type === name);
      this.values(
        ref,
        () => meant.flatMap((profile) => this.#table.get("profile", profile.at, profile.id) ?? []),
        byId.length > 0,
      );
    }
    for (const ref of at.at("rate_limit_scope").itemsOrSelf())
      this.values(ref, (name) =>
        limits.flatMap((limit) =>
          limit.name === name ? (this.#table.get("limit", limit.at, name) ?? []) : [],
        ),
      );
    this.values(at.at("credential_field"), (name) => this.#credentials(operation, name));
    this.pagination(at.at("pagination"), [operation]);
    for (const [, example] of at.at("examples").entries())
      this.keys(example.at("params"), (name) => this.parameter(operation, name));
  }

  /** A parameter that paging sets, by its name; by its name on the wire nothing has to follow a new name. */
  pagination(at: Cursor, operations: readonly DeclaredOperation[]): void {
    for (const key of ["cursor_param", "offset_param", "page_param", "limit_param"])
      this.values(at.at(key), (name) =>
        operations.flatMap((operation) => this.parameter(operation, name) ?? []),
      );
    for (const operation of operations)
      this.keys(at.at("more_cursors"), (name) => this.parameter(operation, name));
  }

  profile({ at, fields, chain }: DeclaredProfile): void {
    this.value(at.at("credential_chain_id"), (id) => chain && this.#table.get("chain", chain.at, id));
    for (const key of ["certificate", "key"])
      this.value(at.at("mtls").at(key), (name) => {
        const field = fields.find((one) => one.key === name);
        return field && this.#table.get("field", field.at, name);
      });
    for (const item of at.at("oauth").at("default_scopes").items())
      this.value(item, (name) => {
        const scope = at
          .at("oauth")
          .at("scopes")
          .items()
          .find((one) => (one.string() ?? one.at("name").string()) === name);
        return scope && this.#table.get("scope", scope, name);
      });
  }

  tool(at: Cursor): void {
    const id = at.at("operation_id").string();
    const operation = this.#lowering.declared.operations.find((one) => one.id === id);
    if (!operation) return;
    this.value(at.at("operation_id"), (name) => this.#table.get("operation", operation.at, name));
    this.keys(at.at("parameter_mappings"), (name) => this.parameter(operation, name));
  }

  /** The name in `#/schemas/Name/…`. */
  schema(ref: string, at: Cursor): void {
    const reference = classifyReference(ref);
    const schema = this.#lowering.declared.schemas.find(
      ({ name }) => reference.kind === "shared" && name === reference.name,
    );
    const symbol = schema && this.#table.get("schema", schema.at, schema.name);
    if (!symbol || !at.scalar) return;
    const start = "#/schemas/".length;
    const token = /^[^/]*/.exec(ref.slice(start))?.[0] ?? "";
    const span = exactSpan(this.#lowering.text, at.scalar, start, start + token.length);
    if (span) this.found.push({ span, symbols: [symbol], role: "reference", form: "pointer", exact: true });
  }

  /** `credential_field` names an extract of the chain, else a field. */
  #credentials(operation: DeclaredOperation, name: string): readonly NamedSymbol[] {
    return profilesOf(this.#lowering, operation).profiles.flatMap(({ chain, fields }) => {
      const step = chain?.steps.findLast(({ extracts }) => extracts.some((extract) => extract.name === name));
      const extract = step && this.#table.get("extract", step.at.at("extract").at(name), name);
      const field = fields.find(({ key }) => key === name);
      return extract ?? (field && this.#table.get("field", field.at, name)) ?? [];
    });
  }
}
