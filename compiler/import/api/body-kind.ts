/** How a media type's bodies are written, and which of several a descriptor takes. */
export type BodyKind = "json" | "form" | "multipart" | "xml" | "text" | "binary";

/** The way in which `content_type` of this media type is written. */
export function bodyKind(mediaType: string): BodyKind {
  const essence = mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (/[/+]json$/.test(essence)) return "json";
  if (essence === "application/x-www-form-urlencoded") return "form";
  if (essence === "multipart/form-data") return "multipart";
  if (/[/+]xml$/.test(essence)) return "xml";
  return essence.startsWith("text/") || essence === "application/graphql" ? "text" : "binary";
}

const order: readonly BodyKind[] = ["json", "multipart", "form", "xml", "text", "binary"];

/** JSON first, and among JSON the plain one. */
export function rankContent(mediaType: string): number {
  const rank = order.indexOf(bodyKind(mediaType)) * 4;
  return rank + (mediaType === "application/json" ? 0 : mediaType.includes("*") ? 2 : 1);
}
