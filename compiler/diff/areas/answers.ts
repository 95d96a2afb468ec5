/** What an operation answers: its type, its schema, its records, its pages, its errors. */
import type { ErrorRule, Operation, PageCommon, Pagination, StatusRange } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import { difference, same } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import type { Comparison } from "../comparison.ts";
import { contentOf } from "../words.ts";
import { compareEmbedded } from "./schema-rules.ts";

export const answerRules: DiffRules = {
  "diff/response-kind-changed": {
    level: "major",
    summary: "An answer is read as another type: JSON, text, bytes, XML, CSV.",
  },
  "diff/response-schema-added": { level: "minor", summary: "An operation says what it answers now." },
  "diff/response-schema-removed": { level: "major", summary: "An operation no longer says what it answers." },
  "diff/records-path-changed": {
    level: "major",
    summary: "Records are taken from another place of the answer.",
  },
  "diff/success-status-removed": { level: "major", summary: "A status that was a success is an error now." },
  "diff/success-status-added": { level: "minor", summary: "A status that was an error is a success now." },
  "diff/error-code-removed": { level: "major", summary: "A code that callers may look for no longer comes." },
  "diff/error-code-added": { level: "minor", summary: "An error may have a code that callers do not know." },
  "diff/error-rules-changed": {
    level: "minor",
    summary: "Answers are judged by other error rules, or errors have other words.",
  },
  "diff/pagination-kind-changed": {
    level: "major",
    summary: "Pages follow one another in another way; a cursor that a caller has kept leads nowhere.",
  },
  "diff/pagination-removed": {
    level: "major",
    summary: "An operation has no further pages: readers of all records get the first ones.",
  },
  "diff/pagination-added": { level: "minor", summary: "An operation has further pages now." },
  "diff/pagination-cursor-changed": {
    level: "minor",
    summary: "A cursor, offset or page number is found or sent elsewhere.",
  },
  "diff/pagination-size-changed": { level: "minor", summary: "Pages have another size." },
  "diff/pagination-stop-changed": { level: "minor", summary: "Reading ends by another sign." },
  "diff/pagination-pages-lowered": {
    level: "major",
    summary: "Fewer pages are read by default: a reading that came to its end is cut short.",
  },
  "diff/pagination-pages-raised": { level: "minor", summary: "More pages are read by default." },
};

export function compareAnswer(
  comparison: Comparison,
  pair: { readonly old: Operation; readonly new: Operation },
  spot: Spot,
  report: Report,
): void {
  const [old, now] = [pair.old.exchange.response, pair.new.exchange.response];
  const at = spot.at("response");
  if (old.type !== now.type)
    report(
      "diff/response-kind-changed",
      at.at("type"),
      `The answer is read as ${now.type} instead of ${old.type}.`,
    );
  if (old.records.text !== now.records.text)
    report(
      "diff/records-path-changed",
      at.at("records_path"),
      `Records are taken from \`${now.records.text}\` instead of \`${old.records.text}\`.`,
    );
  compareStatus(old.success_status, now.success_status, at.at("success_status"), report);
  for (const key of ["error_message", "error_code"] as const)
    if (!same(old[key], now[key]))
      report("diff/error-rules-changed", at.at(`${key}_path`), `\`${key}_path\` changed.`);
  const schema = spot.at("response_schema");
  if (old.schema === undefined && now.schema !== undefined)
    report("diff/response-schema-added", schema, "The answer has a schema now.", "key");
  else if (old.schema !== undefined && now.schema === undefined)
    report("diff/response-schema-removed", schema, "The answer has no schema any more.", "key");
  else if (old.schema !== undefined && now.schema !== undefined)
    compareEmbedded(comparison, "response", { old: old.schema, new: now.schema }, schema, report);
  compareErrors(pair.old.errors, pair.new.errors, withDefaults(spot, "errors"), report);
  comparePagination(pair.old.pagination, pair.new.pagination, withDefaults(spot, "pagination"), report);
}

/** The operation's own section, or that of the defaults. */
export function withDefaults(spot: Spot, section: string): Spot {
  const path = ["defaults", section];
  return spot.at(section).or(new Spot(path, path));
}

function compareStatus(
  old: readonly StatusRange[],
  now: readonly StatusRange[],
  spot: Spot,
  report: Report,
): void {
  const codes = (ranges: readonly StatusRange[]): readonly number[] =>
    ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
  const { removed, added } = difference(codes(old), codes(now));
  if (removed.length > 0)
    report("diff/success-status-removed", spot, `The status ${rangesText(removed)} is an error now.`);
  if (added.length > 0)
    report("diff/success-status-added", spot, `The status ${rangesText(added)} is a success now.`);
}

/** `201`, `200-299`. */
function rangesText(codes: readonly number[]): string {
  const sorted = [...codes].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const code of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else runs.push([code, code]);
  }
  return list(runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)));
}

function compareErrors(
  old: readonly ErrorRule[],
  now: readonly ErrorRule[],
  spot: Spot,
  report: Report,
): void {
  if (same(contentOf(old), contentOf(now))) return;
  const codes = (rules: readonly ErrorRule[]): readonly string[] => [
    ...new Set(rules.flatMap(({ action, code }) => (action === "fail" && code !== undefined ? [code] : []))),
  ];
  const { removed, added } = difference(codes(old), codes(now));
  if (removed.length > 0)
    report("diff/error-code-removed", spot, `The error code ${list(removed)} does not come any more.`, "key");
  if (added.length > 0) report("diff/error-code-added", spot, `The error code ${list(added)} is new.`, "key");
  if (removed.length + added.length === 0)
    report("diff/error-rules-changed", spot, "The error rules changed.", "key");
}

function comparePagination(old: Pagination, now: Pagination, spot: Spot, report: Report): void {
  if (old.kind !== now.kind) {
    const rule = now.kind === "none" ? "removed" : old.kind === "none" ? "added" : "kind-changed";
    report(
      `diff/pagination-${rule}`,
      spot.at("type"),
      rule === "removed"
        ? "There are no further pages any more."
        : rule === "added"
          ? `There are further pages now (\`${now.kind}\`).`
          : `Pages follow by \`${now.kind}\` instead of \`${old.kind}\`.`,
    );
    return;
  }
  if (old.kind === "none" || now.kind === "none") return;
  comparePaging(old, now, spot, report);
  comparePages(old, now, spot, report);
}

/** Where the next page is found and asked for. */
function comparePaging(old: Pagination, now: Pagination, spot: Spot, report: Report): void {
  if (old.kind === "cursor" && now.kind === "cursor") {
    if (!same(old.source, now.source))
      report(
        "diff/pagination-cursor-changed",
        spot
          .at("cursor_path")
          .or(spot.at("cursor_header"), spot.at("next_url_path"), spot.at("cursor_from_record")),
        "The cursor is found elsewhere in the answer.",
      );
    if (!same(old.slot, now.slot))
      report(
        "diff/pagination-cursor-changed",
        spot.at("cursor_param").or(spot.at("cursor_location")),
        "The cursor is sent elsewhere.",
      );
    if (!same(old.more, now.more))
      report(
        "diff/pagination-cursor-changed",
        spot.at("more_cursors"),
        "Other values go along with the cursor.",
      );
  }
  if (old.kind === "offset" && now.kind === "offset" && !same(old.slot, now.slot))
    report("diff/pagination-cursor-changed", spot.at("offset_param"), "The offset is sent elsewhere.");
  if (old.kind === "page" && now.kind === "page") {
    if (!same(old.slot, now.slot))
      report("diff/pagination-cursor-changed", spot.at("page_param"), "The page number is sent elsewhere.");
    if (old.start_page !== now.start_page)
      report(
        "diff/pagination-cursor-changed",
        spot.at("start_page"),
        `The first page is ${now.start_page} instead of ${old.start_page}.`,
      );
  }
}

/** How large pages are, and when they end. */
function comparePages(old: PageCommon, now: PageCommon, spot: Spot, report: Report): void {
  const changed = (key: keyof PageCommon): boolean => !same(old[key], now[key]);
  if (changed("page_size"))
    report("diff/pagination-size-changed", spot.at("page_size"), "Pages have another size.");
  if (changed("limit"))
    report("diff/pagination-size-changed", spot.at("limit_param"), "The page size is sent elsewhere.");
  for (const [key, written] of [
    ["has_more", "has_more_path"],
    ["total", "total_path"],
    ["stop_when", "stop_when"],
    ["stop_on_short_page", "stop_on_short_page"],
    ["primary_key", "primary_key"],
  ] as const)
    if (changed(key)) report("diff/pagination-stop-changed", spot.at(written), `\`${written}\` changed.`);
  if (old.max_pages !== now.max_pages)
    report(
      now.max_pages < old.max_pages ? "diff/pagination-pages-lowered" : "diff/pagination-pages-raised",
      spot.at("max_pages"),
      `At most ${now.max_pages} pages are read by default instead of ${old.max_pages}.`,
    );
}
