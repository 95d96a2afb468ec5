import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import type { OutputFile } from "../../../../compiler/emit/output.ts";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { loadCore } from "../../../../compiler/emit/typescript/standalone/core.ts";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import type { Connector } from "../../../../schema/ir.ts";
import { sampled } from "../../../support/sample.ts";
import { connector, operation, parameter, profile, setting } from "../support/ir.ts";
import { importAll } from "../support/load-client.ts";
import { typeErrors } from "../support/type-check.ts";

/** Where a descriptor's text ends up in a connector. */
const places: Readonly<Record<string, (text: string) => Connector>> = {
  "connector name": (text) => desk({ slug: text, metadata: { ...connector().metadata, name: text } }),
  "operation id": (text) => withOperation({ id: text }),
  "parameter name": (text) => withOperation({ parameters: [parameter(text, { required: true })] }),
  "property name": (text) =>
    withSchema({ type: "object", properties: own(text, { type: "string" }), required: [text] }),
  "enum value": (text) => withSchema({ type: "string", enum: [text, `${text}2`] }),
  "default value": (text) =>
    withOperation({ parameters: [parameter("one", { default: text, example: text })] }),
  description: (text) =>
    desk({
      metadata: { ...connector().metadata, description: text },
      profiles: [profile("api_key", ["key!"], { description: text, docs_url: text })],
      settings: [setting("domain", { description: text, example: text })],
      operations: [
        operation("read", {
          description: text,
          deprecated: true,
          deprecated_message: text,
          schema: { type: "object", description: text, properties: {} },
        }),
      ],
    }),
  summary: (text) => withOperation({ summary: text }),
  path: (text) =>
    withOperation({
      exchange: { url: { origin: { kind: "literal", origin: "https://x.test" }, path: { parts: [text] } } },
    }),
  base_url: (text) =>
    withOperation({
      exchange: { url: { origin: { kind: "literal", origin: text }, path: { parts: ["/"] } } },
    }),
  "header name": (text) =>
    withOperation({
      exchange: { headers: [{ kind: "template", name: text, value: { parts: [text] } }] },
      parameters: [parameter("h", { wire_name: text })],
    }),
  "media type": (text) =>
    withOperation({
      exchange: {
        method: "POST",
        body: { content_type: "text", media_type: text, root: { kind: "literal", value: text } },
      },
    }),
  tag: (text) => withOperation({ tags: [text] }),
  "schema name": (text) =>
    desk({
      schemas: own(text, { type: "string" }),
      operations: [operation("read", { schema: { $ref: `#/schemas/${pointer(text)}` } })],
    }),
  "profile id": (text) => desk({ profiles: [profile(text, [text || "key"])] }),
  "setting key": (text) => desk({ settings: [setting(text, { enum: [text] })] }),
  "error code": (text) => withOperation({ errors: [{ when: {}, action: "fail", code: text }] }),
  "discriminator tag": (text) =>
    desk({
      schemas: { Cat: { type: "object", properties: { kind: { type: "string" } } } },
      operations: [
        operation("read", {
          schema: {
            oneOf: [{ $ref: "#/schemas/Cat" }],
            discriminator: { propertyName: text, mapping: own(text, "#/schemas/Cat") },
          },
        }),
      ],
    }),
  version: (text) => desk({ version: text, content_hash: text }),
};

function desk(fields: Partial<Connector>): Connector {
  return connector({ profiles: [], ...fields });
}

function withOperation({
  id = "read",
  ...fields
}: Parameters<typeof operation>[1] & { id?: string }): Connector {
  return desk({ operations: [operation(id, fields)] });
}

function withSchema(
  schema: Exclude<Parameters<typeof operation>[1], undefined>["schema"] & object,
): Connector {
  return desk({
    operations: [operation("read", { schema, parameters: [parameter("value", { type: "json", schema })] })],
  });
}

/** `{ [name]: value }`, also for `__proto__`, as `JSON.parse` would make it. */
function own<Value>(name: string, value: Value): { readonly [key: string]: Value } {
  return Object.fromEntries([[name, value]]);
}

function pointer(name: string): string {
  return name.replaceAll("%", "%25").replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The kinds of all nodes of the TypeScript files in order, comments and their tags included; a name may be quoted or not. */
function shapeOf(files: readonly OutputFile[]): string {
  return files
    .filter(({ path }) => path.endsWith(".ts"))
    .map(({ path, text }) => shapeOfSource(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)))
    .join("\n");
}

function shapeOfSource(source: ts.SourceFile): string {
  const kinds: string[] = [];
  const visit = (node: ts.Node): void => {
    kinds.push(ts.isStringLiteral(node) || ts.isIdentifier(node) ? "name" : ts.SyntaxKind[node.kind]);
    for (const tag of ts.getJSDocTags(node)) kinds.push(`@${tag.tagName.text}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return kinds.join(" ");
}

/** Lines of Markdown that begin or end a block of code, or a heading. */
function outlineOf(files: readonly OutputFile[]): readonly string[] {
  const readme = files.find(({ path }) => path.endsWith("README.md"))?.text ?? "";
  return readme.split("\n").flatMap((line) => line.match(/^(?:```|#+ |\s*<)/)?.[0] ?? []);
}

/** Texts that try each sink of the emitter. */
const ownTexts = [
  "*/ globalThis.PWN=1; /*",
  '";globalThis.PWN=1;//',
  "';globalThis.PWN=1;//",
  "\\';globalThis.PWN=1;//",
  "`$" + "{globalThis.PWN=1}`",
  "\u2028globalThis.PWN=1;//",
  "a\r\nglobalThis.PWN=1",
  "*\u200b/ x",
  "@deprecated {@link x}",
  "\ud800",
  "</script><!--",
  "```\n# x\n```",
  "__proto__",
  "constructor",
  "then",
  "default",
  "",
  "0abc",
  "日本",
  "../../../etc/x",
  "..\\x",
  "con",
  "toString",
];

const corpus = join(
  import.meta.dirname,
  "../../../../../shared/corpus/suites/injection/codegen-strings.json",
);

describe("descriptor text stays data", () => {
  it("whatever it says and wherever it stands", () => attack(ownTexts), 120_000);

  it.skipIf(!announced(existsSync(corpus)))(
    "for every string of the corpus",
    () => attack(sampled(corpusTexts(), 3, 0)),
    240_000,
  );
});

const core = loadCore();
const modes: readonly (readonly [string, (ir: Connector) => Promise<readonly OutputFile[]>])[] = [
  ["runtime", emitTypeScript],
  ["standalone", (ir) => emitStandalone(ir, core)],
];

async function attack(texts: readonly string[]): Promise<void> {
  for (const [mode, emit] of modes) await attackMode(texts, mode, emit);
}

/** The core of a client is the same for every text, but for its header; what stands beside it is taken apart. */
async function attackMode(
  texts: readonly string[],
  mode: string,
  emitAll: (ir: Connector) => Promise<readonly OutputFile[]>,
): Promise<void> {
  const cores = new Set<string>();
  const emit = async (text: string): Promise<readonly OutputFile[]> => {
    const files = await emitAll(everywhere(text));
    for (const { path, text: own } of files)
      if (path.endsWith("/core.ts")) cores.add(own.replace(/^(?:\/\/[^\r\n\u2028\u2029]*\n)*/, ""));
    return files.filter(({ path }) => !path.endsWith("/core.ts"));
  };
  const benign = await emit("benign");
  const [shape, outline] = [shapeOf(benign), outlineOf(benign)];
  const emitted: (readonly OutputFile[])[] = [];
  for (const text of texts) {
    const files = await emit(text);
    const what = `${mode}: ${JSON.stringify(text.slice(0, 40))}`;
    expect(shapeOf(files) === shape, `${what} changes the shape of a file`).toBe(true);
    expect(outlineOf(files), what).toEqual(outline);
    for (const { path } of files) expect(path, what).toMatch(insideFolder);
    emitted.push(files.map(({ path, text }) => ({ path: `c${emitted.length}/${path}`, text })));
  }
  // Without its core a standalone client has no types; those of the other mode have the same text.
  if (mode === "runtime") expect(typeErrors(emitted.flat())).toEqual([]);
  expect(cores.size).toBe(mode === "runtime" ? 0 : 1);
  await importAll(emitted);
  expect(Object.hasOwn(globalThis, "PWN")).toBe(false);
}

/** One connector with the text in every place. */
function everywhere(text: string): Connector {
  const parts = Object.values(places).map((build) => build(text));
  return desk({
    slug: text,
    version: text,
    content_hash: text,
    metadata: { ...connector().metadata, name: text, description: text },
    settings: parts.flatMap(({ settings }) => settings),
    profiles: parts.flatMap(({ profiles }) => profiles),
    operations: parts.flatMap(({ operations }) => operations),
    schemas: own(text, { type: "string" }),
  });
}

const insideFolder = /^[a-z0-9][a-z0-9_-]*\/(?:index\.ts|plan\.ts|types\.ts|ir\.json|README\.md)$/;

function corpusTexts(): readonly string[] {
  const entries: readonly { readonly value: string }[] = JSON.parse(readFileSync(corpus, "utf8"));
  expect(entries.length).toBeGreaterThanOrEqual(40);
  return entries.map(({ value }) => value);
}

function announced(present: boolean): boolean {
  if (!present) console.warn(`SKIPPED: ${corpus} is not here, so the injection corpus is not tried.`);
  return present;
}
