import type { Rule } from "../rule.ts";

const codes = /(?:code|status|number|errno|type)\W*$/i;
const texts = /(?:message|msg|description|detail|details|text|reason|title)\W*$/i;

export const responseCrossedPaths: Rule = {
  id: "response/crossed-paths",
  severity: "warning",
  summary: "The path of an error's message leads to its code, and the path of its code to its message.",
  check: ({ declared }, report) => {
    for (const owner of [declared.root.at("defaults"), ...declared.operations.map(({ at }) => at)]) {
      const message = owner.at("response").at("error_message_path");
      const code = owner.at("response").at("error_code_path");
      if (!codes.test(message.string() ?? "") || !texts.test(code.string() ?? "")) continue;
      report({
        path: message.path,
        message: "The message of an error is read from its code, and the code from its message.",
        help: "Exchange the two paths.",
        related: [{ path: code.path, message: "the path of the code" }],
      });
    }
  },
};
