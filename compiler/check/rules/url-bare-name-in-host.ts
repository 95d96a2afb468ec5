import { findBareHostNames } from "../bare-hosts.ts";
import type { Rule } from "../rule.ts";

export const urlBareNameInHost: Rule = {
  id: "url/bare-name-in-host",
  severity: "warning",
  summary: "A label of a host that is the name of a setting or field, where its value is meant.",
  check: (model, report) => {
    for (const { at, label, field } of findBareHostNames(model))
      report({
        path: at.path,
        message: `The host holds the word \`${label}\`, not the value of \`${field.key}\`: credentials would go to that very host.`,
        label: `\`${label}\` is sent as it stands`,
        help: `Write {${field.key}} for the value; if the word is part of the address, give \`${field.key}\` another name.`,
        related: [{ path: [...field.at.path, "key"], message: `\`${field.key}\` is declared here` }],
      });
  },
};
