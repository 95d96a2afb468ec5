/** The language reference against what it describes: every field, default, function and example. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/index.ts";
import { functions, jwtAlgorithms, nowFormats } from "../../schema/language/functions.ts";
import { descriptorOf, languageExamples } from "./language-examples.ts";

const page = read("../../docs/language.md");

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

interface Property {
  readonly name: string;
  readonly description: string;
  readonly fallback: unknown;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly description?: string;
  readonly default?: unknown;
}

/** The properties of the root and of every named part of the schema, once each by name, meaning and default. */
function properties(): Property[] {
  // The project's own schema, in the shape that its generator gives it.
  const schema = JSON.parse(read("../../schema/descriptor.schema.json")) as SchemaNode & {
    readonly $defs: Readonly<Record<string, SchemaNode>>;
  };
  const all = [schema, ...Object.values(schema.$defs)].flatMap(({ properties = {} }) =>
    Object.entries(properties).map(([name, node]) => ({
      name,
      description: node.description ?? "",
      fallback: node.default,
    })),
  );
  return [...new Map(all.map((property) => [JSON.stringify(property), property])).values()];
}

/** Cells of every table row that begins with a name in backticks. */
function rows(): { readonly name: string; readonly cells: readonly string[] }[] {
  return page.split("\n").flatMap((line) => {
    const name = /^\| `([\w]+)` \|/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, cells: line.split(/(?<!\\)\|/).map((cell) => cell.trim()) }];
  });
}

describe("docs/language.md", () => {
  it("has a row, or a word, for every property of the schema", () => {
    const mentioned = new Set([...page.matchAll(/`([\w]+)`/g)].map((match) => match[1]));
    const all = properties();
    expect(all.length).toBeGreaterThan(150);
    expect(all.filter(({ name }) => !mentioned.has(name)).map(({ name }) => name)).toEqual([]);
    const described = new Set(rows().map(({ name }) => name));
    const bare = all.filter(
      ({ name, description }) => !description.startsWith("Reserved") && !described.has(name),
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it("states every default of the schema", () => {
    const stated = rows();
    const missing = properties().filter(
      ({ name, fallback }) =>
        fallback !== undefined &&
        !stated.some(
          (row) => row.name === name && row.cells.some((cell) => cell === `\`${textOf(fallback)}\``),
        ),
    );
    expect(missing.map(({ name, fallback }) => `${name}: ${JSON.stringify(fallback)}`)).toEqual([]);
  });

  it("lists every function, time format and signature algorithm", () => {
    const words = [...Object.values(functions).map(({ usage }) => usage), ...nowFormats, ...jwtAlgorithms];
    expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  });

  it("links only to sections that it has", () => {
    const anchors = new Set([...page.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? "")));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(15);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
  });
});

function textOf(fallback: unknown): string {
  return typeof fallback === "string" && fallback.trim() !== "" ? fallback : JSON.stringify(fallback);
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

describe("examples of docs/language.md", () => {
  it("are found", () => {
    expect(languageExamples().length).toBeGreaterThan(20);
  });

  it.each(languageExamples().map((example) => [example.title, example] as const))(
    "%s",
    async (_title, example) => {
      const { diagnostics } = await compile(descriptorOf(example));
      const found = diagnostics.map(
        ({ rule, severity, path, message }) => `${severity} ${rule} ${path}: ${message}`,
      );
      if (example.error === undefined) expect(found).toEqual([]);
      else expect(found).toEqual([expect.stringContaining(`error ${example.error} `)]);
    },
  );
});
