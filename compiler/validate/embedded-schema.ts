import type { Finding } from "../diagnostics.ts";
import { type Node, pointerText, toValue } from "../read/tree.ts";
import type { Embedded } from "./mend.ts";
import { validate as validateSchema } from "./meta-schema.gen.js";
import isSchema from "./meta-schema-check.gen.ts";
import { type Fault, faults, type Judge, type Telling } from "./outcome.ts";
import { tellUnknownKeywords } from "./schema-keywords.ts";
import { tellValue } from "./values.ts";

/** Judges an author's JSON Schema by the meta-schema of 2020-12, and warns of keywords that it does not know. */
export function judgeSchema({ node, to }: Embedded, telling: Telling): void {
  if (node.kind === "list" || (node.kind === "scalar" && typeof node.value !== "boolean")) return;
  for (const fault of faults(judge, toValue(node), node)) {
    if (isMeant(fault)) tellValue({ ...fault, to: [...to, ...fault.to] }, telling, "schema/invalid");
  }
  tellUnknownKeywords(node, to, telling);
}

const judge: Judge = { isRight: isSchema, validator: () => validateSchema };

/** The meta-schema has one alternative, `type`: one name or a list of names. A list is judged by its entries. */
function isMeant({ keyword, schemaPath, node }: Fault): boolean {
  if (keyword === "anyOf") return false;
  if (node.kind === "list") return keyword !== "enum";
  return !schemaPath.includes("/anyOf/1/");
}

/**
 * The first thing that makes a tree no valid JSON Schema, with its line left to the reader; undefined where it is one.
 * `strange` hears of each keyword that has no effect.
 */
export function schemaProblem(root: Node, strange: (message: string) => void): string | undefined {
  let problem: string | undefined;
  const report = ({ rule, message, path }: Finding): void => {
    if (rule === "schema/invalid") problem ??= `${pointerText(path) || "its root"}: ${message}`;
    if (rule === "schema/unknown-keyword") strange(`${pointerText(path)}: ${message}`);
  };
  judgeSchema(
    { node: root, to: [] },
    { report, source: root, start: 0, original: (to) => to, broken: new Set() },
  );
  return problem;
}
