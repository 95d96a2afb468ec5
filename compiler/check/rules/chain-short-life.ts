import { allChains } from "../../lower/oauth-after.ts";
import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";

/** Below this a credential is renewed about as often as it is used. */
const shortSeconds = 60;

export const chainShortLife: Rule = {
  id: "chain/short-life",
  severity: "warning",
  summary: "A step's values are kept so briefly that they are fetched again and again.",
  check: ({ declared }, report) => {
    for (const { steps } of allChains(declared))
      for (const { at } of steps) {
        const life = at.at("ttl_seconds");
        const seconds = life.number();
        if (seconds === undefined || seconds >= shortSeconds || seconds <= 0) continue;
        // A tenth of the life, at most five minutes before its end (language reference, "Credential chains").
        const renewed = seconds * 0.9;
        report({
          path: life.path,
          message: `Kept for ${durationWords(seconds * 1000)} and renewed after ${durationWords(renewed * 1000)}: up to ${Math.ceil(3600 / renewed)} calls an hour for the credential alone.`,
          help: "`ttl_seconds` counts seconds. Leave it out where the answer says its own life (`ttl_from`), or to keep the values until they are refused.",
        });
      }
  },
};
