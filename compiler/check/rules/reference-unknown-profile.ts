import { profilesOf } from "../../lower/operation.ts";
import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownProfile: Rule = {
  id: "reference/unknown-profile",
  severity: "error",
  blocking: true,
  summary: "`auth_type_ref` names no profile of this descriptor.",
  check: ({ declared, lowering }, report) => {
    if (declared.open.profiles) return;
    const known = declared.profiles.flatMap(({ id, type, at }) => [
      ...(at.has("profile_id") ? [{ name: id, path: [...at.path, "profile_id"] }] : []),
      { name: type, path: [...at.path, "type"], fixed: true },
    ]);
    for (const operation of declared.operations)
      for (const ref of profilesOf(lowering, operation).unknown) {
        const name = ref.string() ?? "";
        report({
          path: ref.path,
          message: `There is no authentication profile \`${name}\`.`,
          label: "no such profile",
          cause: name,
          related: [{ path: ["authentication"], at: "key", message: "profiles are declared here" }],
          ...adviseName(name, { value: ref }, known, (shown) => `The profiles are ${shown}.`),
        });
      }
  },
};
