/**
 * Descriptors made by chance from the grammar of the language, and the same with slips in them. fast-check prints the
 * seed and the smallest failing case; `FUZZ_SEED` repeats a run.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { type Compilation, compileText } from "../../compiler/compile.ts";

type Data = null | boolean | number | string | Data[] | { [key: string]: Data };

const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };

/** Between cases: a test that never gives way keeps its runner from answering. */
const giveWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const id = fc.stringMatching(/^[a-z][a-z0-9_]{2,8}$/);
const words = fc.stringMatching(/^[A-Z][a-z ]{10,30}[a-z]$/);
const schema: fc.Arbitrary<Data> = fc.letrec<{ node: Data }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ type: fc.constantFrom("string", "integer", "boolean") }),
    fc.record({ type: fc.constant("array"), items: tie("node") }),
    fc.record({ type: fc.constant("object"), properties: fc.dictionary(id, tie("node"), { maxKeys: 3 }) }),
  ),
})).node;
const parameter = (name: string): fc.Arbitrary<Data> =>
  fc.record({
    name: fc.constant(name),
    location: fc.constantFrom("query", "header"),
    field_type: fc.constantFrom("string", "integer", "boolean"),
    description: words,
    required: fc.boolean(),
  });
const pagination: fc.Arbitrary<Data> = fc.constantFrom<Data>(
  { type: "none" },
  { type: "offset", limit_param: "limit" },
  { type: "page", page_param: "page" },
  { type: "cursor", cursor_path: "$.next", cursor_param: "cursor" },
  { type: "link_header" },
);
const operation = (name: string): fc.Arbitrary<Data> =>
  fc.uniqueArray(id, { maxLength: 3 }).chain((names) =>
    fc.record(
      {
        operation_id: fc.constant(name),
        endpoint: fc.constantFrom("/things", "/things/all", "https://{region}.example.com/things"),
        method: fc.constantFrom("GET", "POST"),
        summary: words,
        auth_type_ref: fc.constantFrom<Data>("api_key", "login", ["api_key", "login"]),
        parameters: fc.tuple(...names.map(parameter)),
        pagination,
        response_schema: schema.map<Data>((item) => ({
          type: "object",
          properties: { next: { type: "string" }, items: { type: "array", items: item } },
        })),
        tags: fc.array(id, { maxLength: 2 }),
      },
      { requiredKeys: ["operation_id", "endpoint", "method", "summary", "auth_type_ref"] },
    ),
  );

/** Without a mistake, though not without a warning. */
const descriptor: fc.Arbitrary<Data> = fc.uniqueArray(id, { minLength: 1, maxLength: 4 }).chain((names) =>
  fc.record(
    {
      metadata: fc.record({
        name: words,
        slug: fc.stringMatching(/^[a-z]{3,10}$/),
        version: fc.constantFrom("1.0.0", "0.2.11"),
        description: words,
        publisher: words,
      }),
      base_url: fc.constant<Data>("https://{region}.example.com/api"),
      connection_config: fc.constant<Data>([{ key: "region", label: "Region", enum: ["eu", "us"] }]),
      authentication: fc.constant<Data>([
        {
          type: "api_key",
          fields: [{ key: "token", label: "Token", field_type: "secret" }],
          auth_headers: { Authorization: "Bearer {token}" },
        },
        { profile_id: "login", type: "bearer", credential_chain_id: "login_chain" },
      ]),
      credential_chains: fc.constant<Data>([
        {
          chain_id: "login_chain",
          description: "A token for a name and a password.",
          initial_credentials_required: ["username", "password"],
          steps: [
            {
              step_name: "token",
              endpoint: "/token",
              body: { user: "{username}", pass: "{password}" },
              extract: { access: "$.token" },
            },
          ],
          final_credential_name: "access",
        },
      ]),
      operations: fc.tuple(...names.map(operation)),
      rate_limits: fc.constant<Data>([{ scope: "per_user", limit: 10, interval_seconds: 1 }]),
      mcp_config: fc.constant<Data>({
        enabled: true,
        server_name: "desk",
        server_description: "Tools of a desk.",
        route_mappings: [
          { operation_id: names[0] ?? "", mcp_tool_name: "a_tool", mcp_tool_description: "Does a thing." },
        ],
      }),
    },
    {
      requiredKeys: [
        "metadata",
        "base_url",
        "connection_config",
        "authentication",
        "credential_chains",
        "operations",
      ],
    },
  ),
);

/** A change anywhere: a value replaced, a key renamed or gone, an entry twice. */
const slips = fc.array(fc.tuple(fc.nat(), fc.nat(5), fc.jsonValue({ maxDepth: 2 })), {
  minLength: 1,
  maxLength: 3,
});

function slip(data: Data, [where, how, value]: readonly [number, number, unknown]): Data {
  const copy = structuredClone(data);
  const places: (readonly [holder: Data[] | { [key: string]: Data }, key: string])[] = [];
  const collect = (node: Data): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      places.push([node, key]);
      collect(inner);
    }
  };
  collect(copy);
  const [holder, key] = places[where % places.length] ?? [copy as Data[], "0"];
  if (Array.isArray(holder)) {
    if (how === 0) holder.splice(Number(key), 1);
    else if (how === 1) holder.push(structuredClone(holder[Number(key)] ?? null));
    // What fast-check calls a JSON value is one.
    else holder[Number(key)] = value as Data;
  } else if (how === 0) delete holder[key];
  else if (how === 1) {
    holder[`${key}x`] = holder[key] ?? null;
    delete holder[key];
  } else holder[key] = how === 2 ? `{${String(holder[key])}` : (value as Data);
  return copy;
}

/** What must hold of any text: known severities, and positions in the text. */
function judgePlaces({ diagnostics, text }: Compilation): void {
  const lines = text.split(/\r\n|\n|\r/);
  for (const { range, severity, related = [] } of diagnostics) {
    expect(["error", "warning", "info"]).toContain(severity);
    for (const { start, end } of [range, ...related.map((one) => one.range)])
      for (const { line, column } of [start, end]) {
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
  }
}

/** What must hold of one document: places as above, no IR beside an error, and one that JSON can carry. */
function judge(compilation: Compilation): void {
  judgePlaces(compilation);
  const { diagnostics, connectors } = compilation;
  if (diagnostics.some(({ severity }) => severity === "error")) expect(connectors).toEqual([]);
  else expect(connectors.length).toBe(1);
  for (const { ir } of connectors) expect(JSON.parse(JSON.stringify(ir))).toEqual(ir);
}

const rulesOf = ({ diagnostics }: Compilation): readonly string[] =>
  diagnostics.map(({ rule, path }) => `${rule} ${path}`).sort();

/** Keys of every map in the opposite order; lists keep theirs. */
function reversed(data: Data): Data {
  if (Array.isArray(data)) return data.map(reversed);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data)
      .reverse()
      .map(([key, value]) => [key, reversed(value)]),
  );
}

test("right descriptors have no errors, in YAML and JSON, in any order of keys", async () => {
  await fc.assert(
    fc.asyncProperty(descriptor, async (data) => {
      await giveWay();
      const fromYaml = await compileText(stringify(data, { aliasDuplicateObjects: false }));
      const fromJson = await compileText(JSON.stringify(data), {
        format: "json",
      });
      const turned = await compileText(JSON.stringify(reversed(data)), { format: "json" });
      expect(
        fromYaml.diagnostics.flatMap(({ severity, rule, message }) =>
          severity === "error" ? `${rule}: ${message}` : [],
        ),
      ).toEqual([]);
      judge(fromYaml);
      expect(fromJson.connectors).toEqual(fromYaml.connectors);
      expect(rulesOf(fromJson)).toEqual(rulesOf(fromYaml));
      expect(rulesOf(turned)).toEqual(rulesOf(fromYaml));
      // The order of a body's keys is the order on the wire, so that the IR may differ.
      expect(turned.connectors.length).toBe(1);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 1500), ...seed },
  );
});

test("descriptors with slips are answered, in YAML or JSON", async () => {
  await fc.assert(
    fc.asyncProperty(descriptor, slips, fc.nat(9), async (data, changes, chance) => {
      await giveWay();
      const slipped = changes.reduce(slip, data);
      const [text, format] =
        chance === 0
          ? [stringify(slipped, { aliasDuplicateObjects: false }), "yaml" as const]
          : [JSON.stringify(slipped, null, 1), "json" as const];
      const once = await compileText(text, { format });
      judge(once);
      // Twice the same, of one in ten.
      if (chance === 0) expect(await compileText(text, { format })).toEqual(once);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 6500), ...seed },
  );
});

test("texts with slips are answered", async () => {
  const put = fc.string({ unit: "binary", maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(descriptor, fc.nat(), put, fc.nat(4), async (data, where, put, gone) => {
      await giveWay();
      const text = stringify(data, { aliasDuplicateObjects: false });
      const at = where % text.length;
      judgePlaces(await compileText(text.slice(0, at) + put + text.slice(at + gone)));
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 2000), ...seed },
  );
});
