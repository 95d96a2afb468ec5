import type { Diagnostic } from "../../../schema/diagnostic.ts";
import type { Draft } from "../importer.ts";

/** Keys without which what they belong to is nothing: their owner goes in their place. */
const required: ReadonlySet<string> = new Set([
  ...["operation_id", "endpoint", "summary", "auth_type_ref", "method"],
  ...["name", "location", "key", "label", "type", "oauth", "limit", "interval_seconds", "scope"],
  ...["server_name", "server_description", "mcp_tool_name", "mcp_tool_description"],
]);

/** Below these the keys are JSON Schema's or an author's own, and none is required. */
const free: ReadonlySet<string> = new Set([
  "schema",
  "response_schema",
  "schemas",
  "default_value",
  "example",
  "body",
]);

interface Step {
  readonly owner: object;
  readonly key: string;
}

/**
 * Takes what an error points at out of the draft: the smallest optional thing around it, and a larger one with each
 * round, so that what still fails without its detail goes as a whole.
 */
export function removeAt({ descriptor, notes }: Draft, error: Diagnostic, round: number): void {
  const steps = walk(descriptor, error.path);
  const removable = steps.filter((step, index) => isOptional(steps, index) && step.key in step.owner);
  const chosen = removable.at(-1 - Math.min(Math.floor(round / 2), removable.length - 1));
  if (!chosen) {
    notes.lose(error.path, sentence(error));
    return;
  }
  const owner = steps[steps.indexOf(chosen) - 1]?.owner;
  if (Array.isArray(chosen.owner)) chosen.owner.splice(Number(chosen.key), 1);
  else if (isSharedSchema(steps, chosen)) Reflect.set(chosen.owner, chosen.key, {});
  else Reflect.deleteProperty(chosen.owner, chosen.key);
  const place = Array.isArray(chosen.owner) ? owner : chosen.owner;
  const key = Array.isArray(chosen.owner) ? steps[steps.indexOf(chosen) - 1]?.key : undefined;
  notes.lose(error.path, sentence(error), place, key);
}

function sentence({ message, path }: Diagnostic): string {
  return `Left out ${path.split("/").slice(-2).join("/")}: ${message}`;
}

/** The maps and lists on the way to a place, as far as it exists. */
function walk(root: object, pointer: string): readonly Step[] {
  const steps: Step[] = [];
  let at: unknown = root;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof at !== "object" || at === null) break;
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    steps.push({ owner: at, key });
    at = Reflect.get(at, key);
  }
  return steps;
}

function isOptional(steps: readonly Step[], index: number): boolean {
  const step = steps[index];
  if (!step || index === 0) return false;
  if (steps.slice(0, index).some(({ key }) => free.has(key))) return true;
  if (Array.isArray(step.owner)) return true;
  return !required.has(step.key) && steps[0]?.key !== "metadata" ? true : step.key === "documentation_url";
}

/** Others refer to it by its name: it stays, and admits everything. */
function isSharedSchema(steps: readonly Step[], step: Step): boolean {
  return steps.indexOf(step) === 1 && steps[0]?.key === "schemas";
}
