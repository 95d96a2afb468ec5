import type { Cursor } from "../../lower/cursor.ts";
import { allChains } from "../../lower/oauth-after.ts";
import type { Rule } from "../rule.ts";

export const urlRepeatedPath: Rule = {
  id: "url/repeated-path",
  severity: "warning",
  summary: "A path that begins with the one that `base_url` ends with, and so has it twice.",
  check: ({ declared }, report) => {
    const base = declared.root.at("base_url");
    const path = /^(?:[a-z]+:\/\/)?[^/]+((?:\/[^/{}]+)+)\/?$/i.exec(base.string() ?? "")?.[1];
    if (path === undefined) return;
    const judge = (endpoint: Cursor): void => {
      const text = endpoint.string() ?? "";
      if (text !== path && !text.startsWith(`${path}/`)) return;
      report({
        path: endpoint.path,
        message: `\`base_url\` ends with \`${path}\` already: the request goes to \`${path}${text}\`.`,
        label: "stands behind `base_url`",
        help: `Write \`${text.slice(path.length) || "/"}\`, or leave \`${path}\` out of \`base_url\`.`,
        cause: path,
        related: [{ path: base.path, message: "what it is put behind" }],
      });
    };
    for (const { at } of declared.operations) judge(at.at("endpoint"));
    for (const { steps } of allChains(declared)) for (const { at } of steps) judge(at.at("endpoint"));
    for (const { at } of declared.profiles) judge(at.at("test_endpoint").at("url"));
  },
};
