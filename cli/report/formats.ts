import type { CreateReporter } from "./reporter.ts";

export interface Format {
  /** Whether the output is one document that programs parse: a command that fails owes them one too. */
  readonly document: boolean;
  /** Formats load when they are asked for: `connector validate` starts with the one that it needs. */
  load(): Promise<CreateReporter>;
}

/** Every format of `connector validate`, by the name that `--format` takes. */
export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ["pretty", { document: false, load: async () => (await import("./pretty.ts")).createPrettyReporter }],
  ["stylish", { document: false, load: async () => (await import("./stylish.ts")).createStylishReporter }],
  ["json", { document: true, load: async () => (await import("./json.ts")).createJsonReporter }],
  ["sarif", { document: true, load: async () => (await import("./sarif.ts")).createSarifReporter }],
  ["github", { document: false, load: async () => (await import("./github.ts")).createGithubReporter }],
  ["junit", { document: true, load: async () => (await import("./junit.ts")).createJunitReporter }],
  [
    "codeclimate",
    { document: true, load: async () => (await import("./code-climate.ts")).createCodeClimateReporter },
  ],
  ["markdown", { document: false, load: async () => (await import("./markdown.ts")).createMarkdownReporter }],
]);
