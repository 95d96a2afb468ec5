/** Lua 5.1 as far as our scripts go, written as JavaScript. */

/** A node of `luaparse`, read by the fields that its type has. */
export interface LuaNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The body of a function that takes the library and returns the script. */
export function translateLua(chunk: LuaNode): string {
  const writer = new Writer(functionsOfMany(chunk));
  return `return (call, KEYS, ARGV) => {\n${writer.body(nodes(chunk.body))}\n};`;
}

/** Expressions whose value JavaScript tests as Lua does. */
const comparisons: Readonly<Record<string, string>> = {
  "==": "===",
  "~=": "!==",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
const arithmetic: ReadonlySet<string> = new Set(["+", "-", "*", "/"]);

/** Functions of Lua by their full names. */
const functions: Readonly<Record<string, string>> = {
  "redis.call": "call",
  "struct.pack": "lua.pack",
  "struct.unpack": "lua.unpack",
  "string.format": "lua.format",
  tonumber: "lua.tonumber",
  "math.floor": "Math.floor",
  "math.ceil": "Math.ceil",
  "math.max": "Math.max",
  "math.min": "Math.min",
};

class Writer {
  readonly #many: ReadonlySet<string>;
  #temporaries = 0;
  #inMany = false;

  constructor(many: ReadonlySet<string>) {
    this.#many = many;
  }

  /** Statements of one function, with the temporaries that they need. */
  body(statements: readonly LuaNode[]): string {
    const outer = this.#temporaries;
    this.#temporaries = 0;
    const text = this.#block(statements);
    const names = Array.from({ length: this.#temporaries }, (_, index) => `_t${index}`);
    this.#temporaries = outer;
    return names.length > 0 ? `let ${names.join(", ")};\n${text}` : text;
  }

  #block(statements: readonly LuaNode[]): string {
    return statements.map((statement) => this.#statement(statement)).join("\n");
  }

  #statement(node: LuaNode): string {
    switch (node.type) {
      case "LocalStatement":
        return this.#local(nodes(node.variables).map(nameOf), nodes(node.init));
      case "AssignmentStatement":
        return this.#assign(nodes(node.variables), nodes(node.init));
      case "CallStatement":
        return `${this.#expression(one(node.expression))};`;
      case "FunctionDeclaration":
        return this.#function(node);
      case "ReturnStatement":
        return this.#return(nodes(node.arguments));
      case "BreakStatement":
        return "break;";
      case "IfStatement":
        return nodes(node.clauses)
          .map((clause, index) => this.#clause(clause, index))
          .join("\n");
      case "WhileStatement":
        return `while (${this.#test(one(node.condition))}) {\n${this.#block(nodes(node.body))}\n}`;
      case "ForNumericStatement":
        return this.#count(node);
      case "ForGenericStatement":
        return this.#each(node);
      default:
        throw unknown(node);
    }
  }

  #local(names: readonly string[], values: readonly LuaNode[]): string {
    const [first] = values;
    if (first === undefined) return `let ${names.join(", ")};`;
    if (values.length === 1 && this.#isMany(first) && names.length > 1)
      return `let [${names.map(unused).join(", ")}] = ${this.#all(first)};`;
    if (values.length !== names.length) throw new SyntaxError("as many values as names are needed");
    // Lua looks at all values before the first name is there.
    return `let ${names.map((name, index) => `${name} = ${this.#expression(at(values, index))}`).join(", ")};`;
  }

  #assign(targets: readonly LuaNode[], values: readonly LuaNode[]): string {
    const places = targets.map((target) => this.#expression(target));
    const [first] = values;
    if (first !== undefined && values.length === 1 && targets.length > 1)
      return `[${places.join(", ")}] = ${this.#all(first)};`;
    if (values.length !== targets.length) throw new SyntaxError("as many values as targets are needed");
    const texts = values.map((value) => this.#expression(value));
    return texts.length === 1
      ? `${places[0]} = ${texts[0]};`
      : `[${places.join(", ")}] = [${texts.join(", ")}];`;
  }

  #function(node: LuaNode): string {
    const name = nameOf(one(node.identifier));
    const outer = this.#inMany;
    this.#inMany = this.#many.has(name);
    const text = `function ${name}(${nodes(node.parameters).map(nameOf).join(", ")}) {\n${this.body(nodes(node.body))}\n}`;
    this.#inMany = outer;
    return text;
  }

  #return(values: readonly LuaNode[]): string {
    if (values.length === 0) return "return;";
    const [first] = values;
    if (this.#inMany) return `return [${values.map((value) => this.#expression(value)).join(", ")}];`;
    if (values.length > 1 || first === undefined) throw new SyntaxError("a return of many values");
    return `return ${this.#expression(first)};`;
  }

  #clause(clause: LuaNode, index: number): string {
    const body = `{\n${this.#block(nodes(clause.body))}\n}`;
    if (clause.type === "ElseClause") return `else ${body}`;
    return `${index > 0 ? "else " : ""}if (${this.#test(one(clause.condition))}) ${body}`;
  }

  #count(node: LuaNode): string {
    const name = nameOf(one(node.variable));
    const end = this.#expression(one(node.end));
    const step = node.step === null ? "1" : this.#expression(one(node.step));
    const head = `let ${name} = ${this.#expression(one(node.start))}, _end = ${end}; ${name} <= _end; ${name} += ${step}`;
    return `for (${head}) {\n${this.#block(nodes(node.body))}\n}`;
  }

  /** Only `ipairs` is known. */
  #each(node: LuaNode): string {
    const [iterator] = nodes(node.iterators);
    if (iterator === undefined || fullName(one(iterator.base)) !== "ipairs") throw unknown(node);
    const [index = "_", item = "_item"] = nodes(node.variables).map(nameOf);
    const list = this.#expression(at(nodes(iterator.arguments), 0));
    return `{ const _list = ${list};
for (let _place = 1; _place < _list.length; _place++) { const ${index} = _place, ${item} = _list[_place];
${this.#block(nodes(node.body))}
} }`;
  }

  /** What an `if` asks. */
  #test(node: LuaNode): string {
    const text = this.#expression(node);
    return isTest(node) ? text : `lua.truthy(${text})`;
  }

  #expression(node: LuaNode): string {
    switch (node.type) {
      case "NumericLiteral":
        return String(node.value);
      case "StringLiteral":
        return JSON.stringify(textOf(node));
      case "BooleanLiteral":
        return String(node.value);
      case "NilLiteral":
        return "undefined";
      case "Identifier":
        return nameOf(node);
      case "MemberExpression":
        return `${this.#expression(one(node.base))}.${nameOf(one(node.identifier))}`;
      case "IndexExpression":
        return `${this.#expression(one(node.base))}[${this.#expression(one(node.index))}]`;
      case "TableConstructorExpression":
        return this.#table(nodes(node.fields));
      case "CallExpression":
        return this.#isMany(node) ? `${this.#call(node)}[0]` : this.#call(node);
      case "UnaryExpression":
        return this.#unary(node);
      case "BinaryExpression":
        return this.#binary(node);
      case "LogicalExpression":
        return this.#logical(node);
      default:
        throw unknown(node);
    }
  }

  #table(fields: readonly LuaNode[]): string {
    const values = fields.filter(({ type }) => type === "TableValue");
    if (values.length === fields.length)
      return `[${["undefined", ...values.map((field) => this.#expression(one(field.value)))].join(", ")}]`;
    if (values.length > 0) throw new SyntaxError("a table that is list and record");
    return `({ ${fields.map((field) => `${nameOf(one(field.key))}: ${this.#expression(one(field.value))}`).join(", ")} })`;
  }

  #unary(node: LuaNode): string {
    const operand = one(node.argument);
    if (node.operator === "not") return `!(${this.#test(operand)})`;
    if (node.operator === "-") return `-(${this.#number(operand)})`;
    if (node.operator === "#") return `(${this.#expression(operand)}.length - 1)`;
    throw unknown(node);
  }

  #binary(node: LuaNode): string {
    const operator = String(node.operator);
    const [left, right] = [one(node.left), one(node.right)];
    const comparison = comparisons[operator];
    if (comparison !== undefined)
      return `(${this.#expression(left)} ${comparison} ${this.#expression(right)})`;
    if (!arithmetic.has(operator)) throw unknown(node);
    return `(${this.#number(left)} ${operator} ${this.#number(right)})`;
  }

  #number(node: LuaNode): string {
    const text = this.#expression(node);
    const sure =
      node.type === "NumericLiteral" ||
      (node.type === "BinaryExpression" && arithmetic.has(String(node.operator)));
    return sure ? text : `lua.num(${text})`;
  }

  #logical(node: LuaNode): string {
    const [left, right] = [one(node.left), one(node.right)];
    const isAnd = node.operator === "and";
    if (isTest(left)) return `(${this.#expression(left)} ${isAnd ? "&&" : "||"} ${this.#expression(right)})`;
    const name = `_t${this.#temporaries++}`;
    const test = `lua.truthy(${name} = ${this.#expression(left)})`;
    return isAnd
      ? `(${test} ? ${this.#expression(right)} : ${name})`
      : `(${test} ? ${name} : ${this.#expression(right)})`;
  }

  /** A call whose values are a list. */
  #all(node: LuaNode): string {
    if (!this.#isMany(node)) throw new SyntaxError("one value for several names");
    return this.#call(node);
  }

  #call(node: LuaNode): string {
    const name = fullName(one(node.base));
    const all = nodes(node.arguments);
    const args = all.map((argument, index) => {
      if (argument.type === "CallExpression" && fullName(one(argument.base)) === "unpack")
        return `...${this.#expression(at(nodes(argument.arguments), 0))}.slice(1)`;
      // All values of the last one are arguments.
      const isSpread = index === all.length - 1 && this.#isMany(argument);
      return isSpread ? `...${this.#all(argument)}` : this.#expression(argument);
    });
    return `${functions[name] ?? name}(${args.join(", ")})`;
  }

  #isMany(node: LuaNode): boolean {
    if (node.type !== "CallExpression") return false;
    const name = fullName(one(node.base));
    return name === "struct.unpack" || this.#many.has(name);
  }
}

/** Names of the functions that return several values somewhere. */
function functionsOfMany(node: LuaNode): ReadonlySet<string> {
  const many = new Set<string>();
  const look = (part: unknown, inside: string): void => {
    if (Array.isArray(part)) for (const item of part) look(item, inside);
    if (!isNode(part)) return;
    if (part.type === "ReturnStatement" && nodes(part.arguments).length > 1) many.add(inside);
    const name = part.type === "FunctionDeclaration" ? nameOf(one(part.identifier)) : inside;
    for (const value of Object.values(part)) look(value, name);
  };
  look(node, "");
  return many;
}

/** Whether the value is true or false, in Lua and JavaScript alike. */
function isTest(node: LuaNode): boolean {
  if (node.type === "BooleanLiteral") return true;
  if (node.type === "UnaryExpression") return node.operator === "not";
  if (node.type === "BinaryExpression") return String(node.operator) in comparisons;
  if (node.type === "LogicalExpression") return isTest(one(node.left)) && isTest(one(node.right));
  return false;
}

function fullName(node: LuaNode): string {
  return node.type === "MemberExpression"
    ? `${fullName(one(node.base))}.${String(one(node.identifier).name)}`
    : nameOf(node);
}

/** Names of Lua that mean something else in JavaScript. */
function nameOf(node: LuaNode): string {
  if (node.type !== "Identifier") throw unknown(node);
  const name = String(node.name);
  return ["case", "new", "let", "call", "lua"].includes(name) ? `${name}_` : name;
}

/** A place of a pattern that is not used may be named twice. */
function unused(name: string): string {
  return name === "_" ? "" : name;
}

/** The text of a literal that needs no escapes. */
function textOf(node: LuaNode): string {
  return String(node.raw).slice(1, -1);
}

function nodes(value: unknown): readonly LuaNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function one(value: unknown): LuaNode {
  if (!isNode(value)) throw new TypeError("no node");
  return value;
}

function at(list: readonly LuaNode[], index: number): LuaNode {
  return one(list[index]);
}

function isNode(value: unknown): value is LuaNode {
  return typeof value === "object" && value !== null && "type" in value;
}

function unknown(node: LuaNode): SyntaxError {
  return new SyntaxError(`Lua that is not translated: ${node.type} ${String(node.operator ?? "")}`);
}
