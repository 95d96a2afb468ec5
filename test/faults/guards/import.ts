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
  {
    name: "secrets of a recording are known by their value wherever they stand",
    file: "compiler/import/observed/vault.ts",
    from: "return looksSecret(text) || this.#find(text, 0) !== undefined;",
    to: "return looksSecret(text);",
    test: "test/compiler/import/secrets.test.ts",
    only: "secrets of a recording",
  },
  {
    name: "what looks like a secret is none to write",
    file: "compiler/import/observed/vault.ts",
    from: "return looksSecret(text) || this.#find(text, 0) !== undefined;",
    to: "return this.#find(text, 0) !== undefined;",
    test: "test/compiler/import/secrets.test.ts",
    only: "secrets of a recording",
  },
  {
    name: "a collection is read without its secrets",
    file: "compiler/import/postman/postman.ts",
    from: "const clean = redactAll(collection, vault);",
    to: "const clean: unknown = collection;",
    test: "test/compiler/import/secrets.test.ts",
    only: "secrets of a collection",
  },
  {
    name: "values under names of secrets are no examples",
    file: "compiler/import/observed/secrecy.ts",
    from: "return !isSecretName(name) && !looksSecret(text) && plain.some((form) => form.test(text));",
    to: "return true;",
    test: "test/compiler/import/secrets.test.ts",
    only: "secrets of a",
  },
];
