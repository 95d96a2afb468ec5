/** Ids of operations: the document's own in lower case and underscores, else made of method and path. */
import { isForbidden, snakeCase } from "../names.ts";
import type { ApiOperation } from "./model.ts";

/**
 * An id for each operation. Those that would be alike all get their method and path behind, so that none depends on the
 * order of the document.
 */
export function operationIds(operations: readonly ApiOperation[]): ReadonlyMap<ApiOperation, string> {
  const wanted = new Map(operations.map((operation) => [operation, wantedId(operation)]));
  const counts = new Map<string, number>();
  for (const id of wanted.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
  const taken = new Set<string>();
  const ids = new Map<ApiOperation, string>();
  for (const [operation, id] of wanted) {
    const alone = counts.get(id) === 1;
    let free = alone ? id : `${id}_${byPath(operation)}`;
    // What is left are paths that differ in signs alone.
    for (let count = 2; taken.has(free); count++)
      free = `${alone ? id : `${id}_${byPath(operation)}`}_${count}`;
    taken.add(free);
    ids.set(operation, free);
  }
  return ids;
}

function wantedId(operation: ApiOperation): string {
  const own = operation.id === undefined ? "" : snakeCase(operation.id);
  return own === "" || isForbidden(own) ? byPath(operation) : own;
}

/** `get_pets_by_pet_id`. */
function byPath({ method, path }: ApiOperation): string {
  const parts = path
    .split("/")
    .map((part) => part.replace(/\{([^{}]*)\}/g, " by $1 "))
    .join("_");
  return `${method.toLowerCase()}_${snakeCase(parts)}`.replace(/_$/, "");
}
