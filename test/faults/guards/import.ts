/** Importing. */
import type { Guard } from "../guard.ts";

export const importGuards: readonly Guard[] = [
  {
    name: "the validator's last word on an import",
    file: "compiler/import/mend/mend.ts",
    from: "if (errors.length === 0) return files;",
    to: "return files;",
    test: "test/compiler/import/openapi.test.ts",
    only: "keeps the rest where one schema is none",
  },
  {
    name: "comments of a source are no directives",
    file: "compiler/import/write/comments.ts",
    from: '.replaceAll(marker, "connector ignore")',
    to: "",
    test: "test/compiler/import/openapi.test.ts",
    only: "lets no text of the source add a key",
  },
];
