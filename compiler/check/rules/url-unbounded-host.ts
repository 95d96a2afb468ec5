import { isHostContext } from "../../lower/scope.ts";
import type { Rule } from "../rule.ts";

export const urlUnboundedHost: Rule = {
  id: "url/unbounded-host",
  severity: "warning",
  summary: "A user-supplied host part without a pattern, an enum or a format.",
  check: ({ declared, lowering }, report) => {
    const told = new Set<string>();
    for (const { symbol, context } of lowering.references) {
      if (!isHostContext(context) || (symbol.kind !== "setting" && symbol.kind !== "credential")) continue;
      const fields =
        symbol.kind === "setting"
          ? declared.settings
          : declared.profiles.flatMap((profile) => profile.fields);
      for (const field of fields.filter(({ key }) => key === symbol.key)) {
        const id = field.at.path.join("/");
        if (field.bounded || told.has(id)) continue;
        told.add(id);
        report({
          path: field.implied ? field.at.path : [...field.at.path, "key"],
          message: `\`${field.key}\` reaches the host of a URL, and any value will do.`,
          help: `Bound it with \`pattern\`, \`enum\` or \`format\` (such as \`format: ${context === "base_url" ? "uri" : "hostname"}\`) in a declared field or setting.`,
        });
      }
    }
  },
};
