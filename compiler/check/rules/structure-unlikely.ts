import type { Node, Pointer } from "../../read/tree.ts";
import { theirs } from "../../validate/our-texts.ts";
import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";
import { looksLikeMilliseconds } from "./chain-ttl-unit.ts";

const hour = 3600;
const day = 24 * hour;
const year = 365 * day;

interface Length {
  /** The longest time that a connector means, in seconds. */
  readonly most: number;
  /** How many seconds the unit has. */
  readonly unit: number;
  /** What is less than this, in the key's unit, was meant in seconds. */
  readonly least?: number;
}

const lengths: ReadonlyMap<string, Length> = new Map([
  ["timeout_ms", { most: 6 * hour, unit: 0.001, least: 100 }],
  ["initial_ms", { most: hour, unit: 0.001 }],
  ["max_ms", { most: day, unit: 0.001, least: 50 }],
  ["delay_ms", { most: day, unit: 0.001 }],
  ["latency_ms_p95", { most: day, unit: 0.001, least: 5 }],
  ["interval_seconds", { most: 3 * year, unit: 1 }],
  ["ttl_seconds", { most: 20 * year, unit: 1 }],
  ["data_freshness_minutes_p95", { most: 20 * year, unit: 60 }],
  ["rto_minutes", { most: 20 * year, unit: 60 }],
  ["rpo_minutes", { most: 20 * year, unit: 60 }],
]);

/** The largest count that a connector means by a key. */
const counts: ReadonlyMap<string, number> = new Map([
  ["limit", 1e9],
  ["burst", 1e9],
  ["max_concurrent", 1e6],
  ["cost", 1e9],
  ["page_size", 1e6],
  ["max_pages", 1e6],
]);

export const structureUnlikely: Rule = {
  id: "structure/unlikely",
  severity: "warning",
  summary: "A length of time, a size or a count beyond all that a connector means, or below it.",
  check: ({ declared }, report) => {
    const visit = (node: Node | undefined, path: Pointer): void => {
      if (node?.kind === "list")
        for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
      if (node?.kind !== "map") return;
      for (const { key, value } of node.entries) {
        if (value.kind !== "scalar") {
          if (!isAuthors(key)) visit(value, [...path, key]);
          continue;
        }
        const message = typeof value.value === "number" ? problemOf(key, value.value) : undefined;
        if (message)
          report({
            path: [...path, key],
            message,
            help: "Write the value that is meant, in the unit that the key names.",
            yields: value.span,
          });
      }
    };
    visit(declared.root.node, []);
  },
};

/** What the author names freely, and schemas. */
function isAuthors(key: string): boolean {
  return (
    theirs.has(key) ||
    key === "schema" ||
    key === "schemas" ||
    key === "response_schema" ||
    key.startsWith("x-")
  );
}

function problemOf(key: string, value: number): string | undefined {
  const length = lengths.get(key);
  // Of milliseconds there is a rule that says more.
  if (key === "ttl_seconds" && looksLikeMilliseconds(value)) return undefined;
  if (length && value * length.unit > length.most)
    return `\`${key}\` is ${durationWords(value * length.unit * 1000)}: nothing lasts so long.`;
  if (length?.least !== undefined && value > 0 && value < length.least)
    return `\`${key}\` is ${durationWords(value)}: no answer of an API comes so soon. In seconds this would be ${value * 1000}.`;
  const most = counts.get(key);
  return most !== undefined && value > most ? `\`${key}\` is beyond all that an API counts.` : undefined;
}
