import type { DeclaredProfile } from "../../lower/declared.ts";
import type { Rule } from "../rule.ts";

export const styleTestEndpoint: Rule = {
  id: "style/test-endpoint",
  severity: "info",
  preset: "strict",
  summary: "An authentication profile whose credentials cannot be tried.",
  check: ({ declared }, report) => {
    for (const profile of declared.profiles) {
      const { id, at } = profile;
      if (at.has("test_endpoint") || triesItself(profile)) continue;
      report({
        path: at.path,
        at: "missing",
        message: `The profile \`${id}\` has no \`test_endpoint\`: nobody can tell whether given credentials are valid.`,
        help: "Add one: a cheap request that any valid credential may make, such as the one for the own account.",
      });
    }
  },
};

/** Where a token has to be obtained, that is the trial; where there is no credential, there is nothing to try. */
function triesItself({ type, at }: DeclaredProfile): boolean {
  return (
    type === "none" ||
    type === "service_account" ||
    type.startsWith("oauth2_") ||
    at.has("credential_chain_id")
  );
}
