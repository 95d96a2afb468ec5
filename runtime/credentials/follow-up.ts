import type { Step } from "../../schema/ir.ts";
import { type Credentials, concealExtract, extractKey } from "./credentials.ts";
import type { Obtained } from "./step-store.ts";

/** The calls under a new token, in order: what they give joins the rest, a new token with its own life. */
export async function followUp(
  after: readonly Step[],
  credentials: Credentials,
  first: Obtained,
  run: (step: Step, credentials: Credentials) => Promise<Obtained>,
): Promise<Obtained> {
  let obtained = first;
  const extracts = new Map<string, unknown>();
  for (const step of after) {
    const given = [...obtained.values].map(([name, value]) => [name, concealExtract(name, value)] as const);
    const oauth = new Map([...credentials.oauth, ...given]);
    const next = await run(step, { ...credentials, extracts, oauth, token: oauth.get("access_token") });
    for (const [name, value] of next.values)
      extracts.set(extractKey(step.name, name), concealExtract(name, value));
    obtained = {
      values: new Map([...obtained.values, ...next.values]),
      lifeMs: next.values.has("access_token") ? next.lifeMs : obtained.lifeMs,
    };
  }
  return obtained;
}
