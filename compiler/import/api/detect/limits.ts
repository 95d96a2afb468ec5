/** What a document says of rate limits: numbers in its prose, headers of its answers. */
import type { Descriptor, RateLimit } from "../../../../schema/descriptor.ts";
import type { Notes } from "../../notes.ts";
import { textAt } from "../../plain-data.ts";
import { oneLine } from "../../prose.ts";
import type { Api } from "../model.ts";

const seconds: { readonly [unit: string]: number } = { second: 1, minute: 60, hour: 3600, day: 86400 };
const sentence =
  /\b(\d[\d,]{0,9}) (?:API )?(?:requests?|calls?) (?:per|\/|an?|each|every) ?(second|minute|hour|day)\b/gi;

/** Adds what is certain, and a comment for what is not. */
export function detectLimits(descriptor: Descriptor, api: Api, notes: Notes): void {
  const headers = [
    ...new Set(api.operations.flatMap(({ responses }) => responses.flatMap((one) => one.headers))),
  ];
  const remaining = headers.find((name) => /rate-?limit.*remaining|remaining.*rate-?limit/i.test(name));
  const reset = headers.find((name) => /rate-?limit.*reset/i.test(name));
  const prose = oneLine(textAt(api.info, "description") ?? "");
  const told = [...prose.matchAll(sentence)];
  const [only] = told;
  if (only && told.length === 1) {
    const limit = Number((only[1] ?? "").replaceAll(",", ""));
    const interval = seconds[(only[2] ?? "").toLowerCase()] ?? 60;
    if (limit > 0) {
      const rate: RateLimit = { scope: "per_account", limit, interval_seconds: interval };
      if (remaining !== undefined) rate.response_headers = { remaining };
      descriptor.rate_limits = [rate];
      notes.comment(
        descriptor,
        "rate_limits",
        `The document says: ${only[0]}. Whose quota it is, it may not say.`,
      );
      return;
    }
  }
  if (remaining !== undefined)
    notes.comment(
      descriptor,
      "operations",
      `Answers tell what is left of a rate limit (${[remaining, reset].filter(Boolean).join(", ")}). With its numbers known, add: rate_limits: [{ scope: per_account, limit: …, interval_seconds: …, response_headers: { remaining: ${remaining} } }]`,
    );
}

/** Answers that say when to come back are obeyed by the runtime in any case. */
export function detectRetry(descriptor: Descriptor, api: Api, notes: Notes): void {
  const statuses = new Set(
    api.operations.flatMap(({ responses }) =>
      responses
        .filter(({ headers }) => headers.some((name) => /^retry-after$/i.test(name)))
        .map(({ status }) => status),
    ),
  );
  if (statuses.size > 0)
    notes.comment(
      descriptor,
      "operations",
      `Answers of status ${[...statuses].sort().join(", ")} have Retry-After, which the runtime waits for.`,
    );
}
