import type { Entry, Exchange, Placement, Signer } from "../../schema/ir.ts";
import { symbolsOf } from "./template.ts";

/** Why the files of this exchange cannot be sent while they are read, as the end of a sentence about one; undefined where they can. */
export function noStreams(
  exchange: Exchange,
  placement: Placement,
  signer: Signer | undefined,
): string | undefined {
  const type = exchange.body?.content_type;
  if (type !== "multipart" && type !== "binary")
    return "is a stream, which only a multipart or octet-stream body can carry. Give bytes, text or a Blob";
  const signed = signer?.kind === "aws_sigv4" || signer?.kind === "digest";
  const entries = [exchange, placement].flatMap(({ headers, query, cookies }) => [
    ...headers,
    ...query,
    ...cookies,
  ]);
  if (!signed && !entries.some(readsBody)) return undefined;
  return "is a stream, but the request is signed over its whole body. Give bytes, text or a Blob";
}

function readsBody(entry: Entry): boolean {
  return (
    entry.kind === "template" &&
    symbolsOf(entry.value).some((symbol) => symbol.kind === "request" && symbol.part === "body")
  );
}
