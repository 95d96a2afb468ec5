import type { DeclaredOperation } from "../../lower/declared.ts";
import type { Rule } from "../rule.ts";
import { bodyPath } from "./operation-body-on-get.ts";

/** What the first word of an `operation_id` says that a call does. */
const verbs: ReadonlyMap<string, Deed> = new Map(
  (
    [
      ["reads", "get list read fetch search find count lookup retrieve describe show download"],
      ["writes", "create add insert upload send copy update edit modify patch upsert"],
      ["deletes", "delete destroy"],
    ] as const
  ).flatMap(([deed, words]) => words.split(" ").map((word) => [word, deed] as const)),
);

type Deed = "reads" | "writes" | "deletes";

/** Methods that say the opposite (RFC 9110, section 9.3). A GET that writes is another mistake: it is repeated blindly. */
const opposite: Readonly<Record<Deed, readonly string[]>> = {
  reads: ["PUT", "PATCH", "DELETE"],
  writes: ["DELETE", "GET", "HEAD", "OPTIONS"],
  deletes: ["GET", "HEAD", "OPTIONS", "PATCH"],
};

export const operationMethodVerb: Rule = {
  id: "operation/method-verb",
  severity: "warning",
  summary: "An operation whose method does the opposite of what its name says.",
  check: ({ declared, lowering }, report) => {
    for (const operation of declared.operations) {
      const { id, at } = operation;
      const deed = verbs.get(id.split("_", 1)[0] ?? "");
      // Who says whether a call changes something has looked at the method.
      if (deed === undefined || at.has("tool") || at.has("side_effecting") || at.has("destructive")) continue;
      if (lowering.isBroken([...at.path, "method"]) || isLost(operation, lowering)) continue;
      const method = at.at("method").string() ?? "GET";
      if (!opposite[deed].includes(method)) continue;
      // A body says as much of the method as the name, and has rules of its own.
      if ((method === "GET" || method === "HEAD") && bodyPath(operation)) continue;
      const key = at.has("method") ? "method" : "operation_id";
      const other = { path: [...at.path, "operation_id"], message: `its name says that it ${deed}` };
      report({
        path: [...at.path, key],
        message: `\`${id}\` ${deed} by its name, and a ${method} ${whatDoes(method)}.`,
        label: key === "method" ? "the opposite of its name" : "GET, as no method is given",
        help: "Write the method that the API has. Where it has this one, say by `side_effecting` whether a call changes something.",
        ...(key === "method" ? { related: [other] } : {}),
      });
    }
  },
};

function isLost(
  { at }: DeclaredOperation,
  lowering: { isStray(key: string): boolean; lostKey(path: readonly (string | number)[]): boolean },
): boolean {
  return !at.has("method") && (lowering.isStray("method") || lowering.lostKey(at.path));
}

function whatDoes(method: string): string {
  if (method === "DELETE") return "deletes";
  return method === "PUT" || method === "PATCH"
    ? "changes something"
    : "is taken for one that changes nothing";
}
