/** How large the tools of an OpenAPI document are that are mapped word by word: the parameters, the body, and all schemas they refer to. */

type Node = Readonly<Record<string, unknown>>;

const methods = ["get", "put", "post", "delete", "patch"];

/** Bytes of `tools/list`: with the schemas of answers, and without. */
export function naiveBytes(document: unknown): { readonly inputs: number; readonly whole: number } {
  const root = node(document);
  const components = new Map<string, Component>();
  let inputs = 0;
  let whole = 0;
  for (const [path, item] of Object.entries(node(root.paths)))
    for (const method of methods) {
      const operation = node(item)[method];
      if (operation === undefined) continue;
      const { tool, input, output } = naiveTool(`${method} ${path}`, node(item), node(operation), root);
      const size = bytesOf(tool) + bytesOf(input) + reachedBytes(input, root, components);
      inputs += size;
      whole += size + bytesOf(output) + reachedBytes(output, root, components);
    }
  return { inputs, whole };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function naiveTool(name: string, item: Node, operation: Node, root: Node) {
  const parameters = [...list(item.parameters), ...list(operation.parameters)].map((one) =>
    follow(one, root),
  );
  const properties = Object.fromEntries(
    parameters.map((one) => [String(one.name), { ...node(one.schema), description: one.description }]),
  );
  const body = schemaOf(follow(operation.requestBody, root));
  const responses = node(operation.responses);
  return {
    tool: { name, description: operation.description ?? operation.summary },
    input: { type: "object", properties: { ...properties, ...(body === undefined ? {} : { body }) } },
    output: node(schemaOf(follow(responses["200"] ?? responses["201"], root))),
  };
}

/** A component as it would stand in `$defs`. */
interface Component {
  readonly bytes: number;
  readonly references: readonly string[];
}

/** Bytes of every component that a schema leads to, each once. */
function reachedBytes(schema: Node, root: Node, components: Map<string, Component>): number {
  const seen = new Set<string>();
  const open = [...referencesIn(schema)];
  let bytes = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const target = follow({ $ref: at }, root);
    const known = components.get(at) ?? {
      bytes: bytesOf({ [at]: target }),
      references: referencesIn(target),
    };
    components.set(at, known);
    bytes += known.bytes;
    open.push(...known.references);
  }
  return bytes;
}

function referencesIn(schema: Node): readonly string[] {
  const found: string[] = [];
  const open: unknown[] = [schema];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== "object" || at === null) continue;
    for (const [key, value] of Object.entries(at))
      if (key === "$ref" && typeof value === "string") found.push(value);
      else if (typeof value === "object" && value !== null) open.push(value);
  }
  return found;
}

/** The schema of the first content of a body. */
function schemaOf(body: Node): unknown {
  return node(Object.values(node(body.content))[0]).schema;
}

function follow(value: unknown, root: Node): Node {
  const reference = node(value).$ref;
  if (typeof reference !== "string") return node(value);
  let at: unknown = root;
  for (const part of reference.split("/").slice(1))
    at = node(at)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  return node(at);
}

function node(value: unknown): Node {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
