/** Who a connector is, from the few words that small formats have for it. */
import type { Metadata } from "../../../schema/descriptor.ts";
import { slugOf } from "../names.ts";
import { shortText } from "../prose.ts";

export interface Identity {
  /** What the source calls it: a slug, an id or a name. */
  readonly key: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly version?: string | undefined;
  readonly tags?: readonly string[];
}

export function metadataOf({ key, title, description, version, tags = [] }: Identity): Metadata {
  const name = atLeast(shortText(title ?? titleOf(key), 200) ?? "", 3, "API");
  const said = shortText(description, 1000);
  const labels = [...new Set(tags.map((tag) => slugOf(tag)))];
  return {
    name,
    slug: slugOf(key),
    version: version !== undefined && /^\d+\.\d+\.\d+$/.test(version) ? version : "0.1.0",
    description: atLeast(said ?? `What ${name} offers.`, 10, `(${name})`),
    publisher: name,
    categories: ["saas"],
    ...(labels.length > 0 ? { tags: labels } : {}),
  };
}

function atLeast(text: string, least: number, more: string): string {
  return text.length >= least ? text : `${text} ${more}`.trim();
}

/** `my-api` is My Api. */
function titleOf(key: string): string {
  return key
    .split(/[-_\s]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
