import { allChains } from "../../lower/oauth-after.ts";
import type { Rule } from "../rule.ts";

export const chainLifeUnit: Rule = {
  id: "chain/life-unit",
  severity: "warning",
  summary: "A `unit` that the kind of `ttl_from` does not have.",
  check: ({ declared }, report) => {
    for (const { steps } of allChains(declared))
      for (const { at } of steps) {
        const from = at.at("ttl_from");
        const kind = from.at("kind");
        const unit = from.at("unit");
        if (!unit.exists) continue;
        const jwt = kind.string() === "jwt_exp";
        if (!jwt && !(kind.string() === "expires_in" && unit.string() === "date")) continue;
        report({
          path: unit.path,
          message: jwt
            ? "The `exp` claim of a JWT is Unix seconds: `unit` is not looked at."
            : "`expires_in` is a duration, which is no date: it would be read as seconds.",
          help: jwt ? "Remove `unit`." : "Say `kind: expires_at`, or `seconds` or `milliseconds`.",
          related: [{ path: kind.path, message: jwt ? "the `exp` claim" : "a duration" }],
        });
      }
  },
};
