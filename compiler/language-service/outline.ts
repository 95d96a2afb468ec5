/** The outline of a descriptor: its sections, and the named things in them. */
import type { Entry, Node, Span } from "../read/tree.ts";
import { child } from "../read/tree.ts";
import type { Analysis } from "./analysis.ts";
import { withoutQuotes } from "./scalar-offsets.ts";

export type OutlineKind = "section" | "named" | "parameter" | "field";

export interface OutlineItem {
  readonly name: string;
  readonly detail: string;
  readonly kind: OutlineKind;
  readonly span: Span;
  /** The name itself, within the span. */
  readonly selection: Span;
  readonly children: readonly OutlineItem[];
}

export function outlineOf({ text, documents }: Analysis): readonly OutlineItem[] {
  const all = documents.map(({ root }) => sectionsOf(text, root));
  if (all.length <= 1) return all[0] ?? [];
  return documents.map(({ root }, index) => {
    const slug = textOf(child(child(root, "metadata"), "slug")) ?? `document ${index + 1}`;
    const selection = { start: root.span.start, end: root.span.start };
    return {
      name: slug,
      detail: "connector",
      kind: "section",
      span: root.span,
      selection,
      children: all[index] ?? [],
    };
  });
}

function sectionsOf(text: string, root: Node): readonly OutlineItem[] {
  if (root.kind !== "map") return [];
  return root.entries.map((section) => ({
    ...keyItem(text, section, "section", ""),
    children: section.value.kind === "list" ? itemsOf(section.value.items) : keysOf(text, section),
  }));
}

/** Shared schemas by name; the keys of other maps tell nothing new. */
function keysOf(text: string, { key, value }: Entry): readonly OutlineItem[] {
  if (key === "mcp_config") return itemsOf(listItems(child(value, "route_mappings")));
  if (key !== "schemas" || value.kind !== "map") return [];
  return value.entries.map((schema) => keyItem(text, schema, "named", "schema"));
}

function keyItem(
  text: string,
  { key, keySpan, value }: Entry,
  kind: OutlineKind,
  detail: string,
): OutlineItem {
  const span = { start: keySpan.start, end: Math.max(keySpan.end, value.span.end) };
  return { name: key, detail, kind, span, selection: withoutQuotes(text, keySpan), children: [] };
}

/** What names an item, the first that it has, and what is shown beside it. */
const names: readonly { readonly key: string; readonly detail: readonly string[] }[] = [
  { key: "mcp_tool_name", detail: ["operation_id"] },
  { key: "operation_id", detail: ["method", "endpoint"] },
  { key: "profile_id", detail: ["type"] },
  { key: "chain_id", detail: [] },
  { key: "step_name", detail: ["method", "endpoint"] },
  { key: "name", detail: ["location", "scope", "field_type"] },
  { key: "key", detail: ["field_type"] },
  { key: "type", detail: [] },
  { key: "scope", detail: ["limit"] },
];

function itemsOf(items: readonly Node[], kind: OutlineKind = "named"): readonly OutlineItem[] {
  return items.flatMap((item) => {
    const found = names.find(({ key }) => textOf(child(item, key)));
    const node = found && child(item, found.key);
    const name = textOf(node);
    if (!found || !node || name === undefined || !isWithin(node.span, item.span)) return [];
    const detail = found.detail.flatMap((key) => textOf(child(item, key)) ?? []).join(" ");
    const children = [
      ...itemsOf(listItems(child(item, "fields")), "field"),
      ...itemsOf(listItems(child(item, "steps"))),
      ...itemsOf(listItems(child(child(item, "oauth"), "after_token"))),
      ...itemsOf(listItems(child(item, "parameters")), "parameter"),
    ];
    return [
      {
        name,
        detail,
        kind,
        span: item.span,
        selection: node.span,
        children: children.filter(({ span }) => isWithin(span, item.span)),
      },
    ];
  });
}

/** What an alias stands for is written elsewhere, and is shown there. */
function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function listItems(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && node.value !== null && node.value !== "" ? String(node.value) : undefined;
}
