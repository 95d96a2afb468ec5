import { parsePlainPath } from "../../../schema/language/jsonpath.ts";
import { allChains } from "../../lower/oauth-after.ts";
import { inStyle } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";

export const chainExtractMany: Rule = {
  id: "chain/extract-many",
  severity: "warning",
  summary: "An extract whose path takes every element of a list, while it must hit exactly one value.",
  check: ({ declared }, report) => {
    const ofSteps = allChains(declared).flatMap(({ steps }) =>
      steps.flatMap(({ extracts }) => extracts.map(({ at }) => ({ at, whose: "step" }))),
    );
    const ofLogins = declared.profiles.flatMap((profile) =>
      profile.at
        .at("oauth")
        .at("extract")
        .entries()
        .map(([, at]) => ({ at, whose: "login" })),
    );
    for (const { at, whose } of [...ofSteps, ...ofLogins]) {
      const text = at.string();
      const many =
        text === undefined ? [] : (parsePlainPath(text) ?? []).filter((step) => typeof step === "object");
      if (text === undefined || many.length === 0) continue;
      const first = text.replace("[*]", "[0]");
      const replace =
        many.length === 1 && first !== text && at.scalar ? inStyle(first, at.scalar) : undefined;
      report({
        path: at.path,
        message: `\`${text}\` takes all elements: with a second one the ${whose} fails, as an extract must be one value.`,
        label: "may be several",
        help: "Name one element, such as the first by `[0]`, or choose it by a filter.",
        ...(replace === undefined || at.scalar?.style === "block" ? {} : { replace }),
      });
    }
  },
};
