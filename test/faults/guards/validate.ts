/** Rules of `connector validate`: what each of the newest looks for. */
import type { Guard } from "../guard.ts";

const samples = { test: "test/compiler/samples.test.ts" } as const;
const slips = { test: "test/compiler/one-finding.test.ts" } as const;

export const validateGuards: readonly Guard[] = [
  {
    name: "a tool with the name of one operation calls another",
    file: "compiler/check/rules/mcp-crossed-tool.ts",
    from: "if (!named || !operations.has(operation)) continue;",
    to: "continue;",
    only: "mcp/crossed-tool",
    ...samples,
  },
  {
    name: "an error rule behind one that holds wherever it does",
    file: "compiler/check/rules/operation-error-unreachable.ts",
    from: "if (earlier.always) return earlier.always;",
    to: "",
    only: "operation/error-unreachable",
    ...samples,
  },
  {
    name: "a method against the word of its operation",
    file: "compiler/check/rules.ts",
    from: "  operationMethodVerb,\n",
    to: "",
    only: "operation/method-verb",
    ...samples,
  },
  {
    name: "a hole twice in a row",
    file: "compiler/lower/template-habits.ts",
    from: 'if (text.includes("}{")) reportRepeated(lowering, at, text);',
    to: "",
    only: "template/repeated-hole",
    ...samples,
  },
  {
    name: "a quote that none opens, in what the language reads",
    file: "compiler/validate/text-slips.ts",
    from: "const isSure = isOurs(path);",
    to: "const isSure = false;",
    only: "yaml/unopened-quote",
    ...samples,
  },
  {
    name: "a letter that only looks Latin",
    file: "compiler/validate/look-alike.ts",
    from: "const odd = hidden ?? blank ?? mixed(value);",
    to: "const odd = hidden ?? blank;",
    only: "names/look-alike",
    ...samples,
  },
  {
    name: "a key that a text has swallowed",
    file: "compiler/validate/swallowed-section.ts",
    from: "if (swallowed === undefined) return [];",
    to: "return [];",
    only: "credential_chain_id",
    ...slips,
  },
  {
    name: "a warning about a text gives way to an error there",
    file: "compiler/compile.ts",
    from: "!shadowed(one) && !gives(one)",
    to: "!shadowed(one)",
    only: "text-slips.yaml",
    ...slips,
  },
  {
    name: "what several places lack is told once",
    file: "compiler/same-cause.ts",
    from: "const isOne = first && others.length > 0",
    to: "const isOne = false && first && others.length > 0",
    test: "test/compiler/one-cause.test.ts",
    only: "is one finding",
  },
];
