/** The fenced YAML of the language reference, and the descriptors that it is part of. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface LanguageExample {
  readonly title: string;
  readonly kind: string;
  /** The rule that it is meant to break. */
  readonly error: string | undefined;
  /** YAML, as the page has it. */
  readonly text: string;
}

/** Fenced YAML, by the kind that its fence names: a whole descriptor, top-level parts, one operation, one profile. */
export function languageExamples(): LanguageExample[] {
  const page = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");
  return [...page.matchAll(/^```yaml ?([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ([, info = "", text = ""], index) => {
      const [kind = "", error] = info.split(" error=");
      return { title: `${index + 1} (${info}) ${text.split("\n")[0]}`, kind, error, text };
    },
  );
}

/** The descriptor that an example is part of. */
export function descriptorOf({ kind, text }: LanguageExample): object {
  const given: Readonly<Record<string, unknown>> = parse(text, { merge: true });
  const base = {
    metadata: { name: "Example", slug: "example", description: "An API for examples.", publisher: "Example" },
    base_url: "https://api.desk.example.com",
    authentication: [{ type: "bearer" }],
    operations: [
      operationOf({ endpoint: "/things/{id}", parameters: [{ name: "id", location: "path" }] }, "get_thing"),
    ],
  };
  switch (kind) {
    case "descriptor":
      return given;
    case "part":
      return { ...base, ...("credential_chains" in given ? { base_url: undefined } : {}), ...given };
    case "operation":
      return { ...base, operations: [operationOf(given, "example")] };
    case "profile":
      return {
        ...base,
        authentication: [given],
        operations: [{ ...operationOf({ endpoint: "/x" }, "example"), auth_type_ref: given.type }],
      };
    default:
      throw new Error(
        `an example must say what it is: descriptor, part, operation or profile, not "${kind}"`,
      );
  }
}

function operationOf(fields: object, id: string): object {
  return { operation_id: id, summary: "An example", auth_type_ref: "bearer", ...fields };
}
