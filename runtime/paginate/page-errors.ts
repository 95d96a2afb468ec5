import { ConnectorError } from "../errors.ts";

/** The server named a page that was read before. */
export function loop(cursor: string): ConnectorError {
  return new ConnectorError({
    code: "pagination_loop",
    phase: "pagination",
    message:
      "the server named a page that was read before. Check `pagination` in the descriptor against the API.",
    cursor,
  });
}

/** There is more than the caller wanted to read. */
export function truncated(pages: number, cursor: string): ConnectorError {
  return new ConnectorError({
    code: "truncated",
    phase: "pagination",
    message: `there ${pages === 1 ? "is more than 1 page" : `are more than ${pages} pages`}. Go on from \`cursor\`, or raise \`maxPages\` (\`max_pages\` in the descriptor).`,
    details: { pages },
    cursor,
  });
}

/** A page says that more records follow, and gives no way to them: to end here would be a short list. */
export function moreToCome(says: string, but: string): ConnectorError {
  return new ConnectorError({
    code: "pagination_inconsistent",
    phase: "pagination",
    retryable: true,
    message: `${says}, but ${but}: records may be missing. Read again from \`cursor\`; if it stays so, check \`pagination\` in the descriptor.`,
  });
}

/** A record came before: pages shifted while they were read, and some other may have been missed. */
export function repeated(primaryKey: readonly string[]): ConnectorError {
  return new ConnectorError({
    code: "pagination_inconsistent",
    phase: "pagination",
    retryable: true,
    message:
      "a record came twice, by its primary key: the pages changed while they were read, so others may be missing. Read again from `cursor`, or sort by something stable.",
    details: { primary_key: primaryKey },
  });
}
