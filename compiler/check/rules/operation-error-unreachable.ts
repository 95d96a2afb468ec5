import { statusRange } from "../../lower/answers.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { pointerText } from "../../read/tree.ts";
import type { Rule } from "../rule.ts";

export const operationErrorUnreachable: Rule = {
  id: "operation/error-unreachable",
  severity: "warning",
  summary: "An error rule that never decides, because an earlier one holds wherever it does.",
  check: ({ declared, lowering }, report) => {
    const judge = (rules: Cursor): void => {
      const before = new Map<string, Earlier>();
      for (const rule of rules.items()) {
        const when = rule.at("when");
        if (when.node?.kind !== "map" || lowering.broken.has(pointerText(when.path))) continue;
        const earlier = decidesBefore(when, before);
        if (earlier)
          report({
            path: when.path,
            at: "key",
            message: "This rule never decides: wherever its condition holds, that of an earlier rule does.",
            label: "never asked",
            help: "Put it before that one, make that one's condition narrower, or remove one of them.",
            related: [{ path: earlier.path, at: "key", message: "this one decides" }],
          });
        else remember(when, before);
      }
    };
    judge(declared.root.at("defaults").at("errors"));
    for (const { at } of declared.operations) judge(at.at("errors"));
  },
};

/** The earlier rules that ask the same of header and body. */
interface Earlier {
  /** One that asks for no status. */
  always?: Cursor;
  readonly byStatus: Map<number, Cursor>;
}

/** What a condition asks besides the status; each part may be asked by an earlier rule alone. */
const parts = ["header", "json", "text"] as const;

/** An earlier condition that holds for all that this one holds for: it asks for no more, and for these statuses. */
function decidesBefore(when: Cursor, before: ReadonlyMap<string, Earlier>): Cursor | undefined {
  const given = parts.filter((part) => when.has(part));
  const statuses = statusesOf(when);
  for (let chosen = 0; chosen < 1 << given.length; chosen++) {
    const earlier = before.get(
      keyOf(
        when,
        given.filter((_, index) => chosen & (1 << index)),
      ),
    );
    if (!earlier) continue;
    if (earlier.always) return earlier.always;
    const [first] = statuses ?? [];
    if (statuses && first !== undefined && statuses.every((status) => earlier.byStatus.has(status)))
      return earlier.byStatus.get(first);
  }
  return undefined;
}

function remember(when: Cursor, before: Map<string, Earlier>): void {
  const key = keyOf(
    when,
    parts.filter((part) => when.has(part)),
  );
  const earlier: Earlier = before.get(key) ?? { byStatus: new Map() };
  before.set(key, earlier);
  const statuses = statusesOf(when);
  if (!statuses) earlier.always = when;
  else for (const status of statuses) if (!earlier.byStatus.has(status)) earlier.byStatus.set(status, when);
}

function keyOf(when: Cursor, given: readonly string[]): string {
  return JSON.stringify(given.map((part) => [part, when.at(part).value()]));
}

/** Each status that a condition names; undefined where it names none. */
function statusesOf(when: Cursor): readonly number[] | undefined {
  if (!when.has("status")) return undefined;
  return when
    .at("status")
    .itemsOrSelf()
    .flatMap((item) => statusRange(String(item.scalar?.value ?? "")))
    .flatMap(({ from, to }) =>
      Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index),
    );
}
