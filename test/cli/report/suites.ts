/** Parser suites of the shared corpora as files by name, where this machine has them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const suites = join(import.meta.dirname, "../../../../shared/corpus/suites");

function filesIn(folder: string): readonly string[] | undefined {
  const path = join(suites, folder);
  if (existsSync(path)) return readdirSync(path).map((name) => join(path, name));
  console.warn(`skipped: there is no ${path}`);
  return undefined;
}

/** `y_` is JSON, `n_` is not, `i_` may be either. */
export function jsonSuite(): Readonly<Record<string, Uint8Array>> | undefined {
  const files = filesIn("json-parsing/test_parsing")?.filter((path) => path.endsWith(".json"));
  return files && Object.fromEntries(files.map((path) => [asName(path), readFileSync(path)]));
}

/** The texts of the suite, their invisible characters put in as its README says. */
export function yamlSuite(): Readonly<Record<string, string>> | undefined {
  const files = filesIn("yaml-test-suite/src")?.filter((path) => path.endsWith(".yaml"));
  const all = files?.flatMap((path) => {
    const cases: unknown = parse(readFileSync(path, "utf8"));
    if (!Array.isArray(cases)) throw new Error(`${path} holds no list of cases`);
    return cases.flatMap((one: { readonly yaml?: unknown }, index) =>
      typeof one.yaml === "string"
        ? [[`${asName(path, ".yaml")}-${index}.yaml`, visible(one.yaml)] as const]
        : [],
    );
  });
  return all && Object.fromEntries(all);
}

/** The name without what a command line or a glob would read in it. */
function asName(path: string, without = ""): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/[^\w.-]/g, "_");
  return without && name.endsWith(without) ? name.slice(0, -without.length) : name;
}

function visible(text: string): string {
  return text
    .replaceAll("␣", " ")
    .replace(/—*»/g, "\t")
    .replaceAll("←", "\r")
    .replaceAll("⇔", "\ufeff")
    .replaceAll("↵", "")
    .replace(/∎\n$/, "");
}
