/** Who and what an API is. */
import type { Metadata } from "../../../schema/descriptor.ts";
import type { Api } from "../api/model.ts";
import { slugOf } from "../names.ts";
import type { Notes } from "../notes.ts";
import { mapAt, textAt } from "../plain-data.ts";
import { oneLine, shortText } from "../prose.ts";

export function metadataOf({ info, documentationUrl }: Api, notes: Notes): Metadata {
  const title = shortText(textAt(info, "title"), 200) ?? "";
  const name = [...title].length >= 3 ? title : `${title === "" ? "Imported" : title} API`;
  const metadata: Metadata = {
    name,
    slug: slugOf(
      name
        .replace(/\b(?:REST|Web|HTTP|Public|OpenAPI|Specification|Reference|Documentation)\b/gi, " ")
        .replace(/\bv?\d+(?:\.\d+)*\b/g, " "),
    ),
    version: "0.1.0",
    description: descriptionOf(info, name),
    publisher: publisherOf(info, name),
  };
  const url = documentationUrl ?? textAt(mapAt(info, "contact"), "url");
  if (url !== undefined && url.length <= 2000 && /^https?:\/\/[^\s/?#]+\S*$/.test(url))
    metadata.documentation_url = url;
  metadata.categories = ["saas"];
  const version = shortText(textAt(info, "version"), 100);
  if (version !== undefined)
    notes.comment(metadata, "version", `The descriptor's own version; the API's is ${version}.`);
  return metadata;
}

function descriptionOf(info: unknown, name: string): string {
  const text =
    shortText(textAt(info, "summary"), 1000) ?? shortText(firstParagraph(textAt(info, "description")), 1000);
  return text !== undefined && text.length >= 10
    ? text
    : `What ${name} offers, imported from its OpenAPI document.`;
}

/** Headings and what follows are for the API's own pages. */
function firstParagraph(text: string | undefined): string | undefined {
  const paragraphs = text
    ?.split(/\n\s*\n/)
    .map((one) => oneLine(one.replace(/^#+[^\n]*$/gm, "").replace(/<[^>]*>/g, " ")));
  return paragraphs?.find((one) => one.length >= 10);
}

function publisherOf(info: unknown, name: string): string {
  const contact = shortText(textAt(mapAt(info, "contact"), "name"), 200);
  if (contact !== undefined && contact.length >= 2 && !/\b(?:support|team|api)\b/i.test(contact))
    return contact;
  const words = name.replace(/\b(?:REST|Web|HTTP|Public|OpenAPI|API|APIs|Specification)\b/gi, " ");
  const own = shortText(words, 200)?.replace(/[\s\-–:(),.]+$/, "") ?? "";
  // Counted as the schema does: a sign beyond the basic plane is one character.
  return [...own].length >= 2 ? own : name;
}
