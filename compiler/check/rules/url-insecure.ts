import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

export const urlInsecure: Rule = {
  id: "url/insecure",
  severity: "error",
  summary: "A credential, or an OAuth exchange, over plain http.",
  check: ({ declared, operations }, report) => {
    const judge = (at: Cursor, what: string): void => {
      const text = at.string();
      if (text !== undefined && /^http:\/\//i.test(text) && !isLoopback(text))
        report({
          path: at.path,
          message: `${what} would travel over plain http.`,
          help: "Write https://.",
          replace: text.replace(/^http:/i, "https:"),
        });
    };
    for (const { at } of declared.profiles) {
      for (const key of ["authorize_url", "token_url", "refresh_url"])
        judge(at.at("oauth").at(key), "The OAuth exchange");
      if (at.at("type").string() !== "none") judge(at.at("test_endpoint").at("url"), "The credential");
    }
    for (const { steps } of declared.chains)
      for (const { at } of steps) judge(at.at("endpoint"), "The credential");
    const carries = operations.filter(({ profiles }) => profiles.some(({ type }) => type !== "none"));
    for (const { declared: operation } of carries) judge(operation.at.at("endpoint"), "The credential");
    if (carries.length > 0) judge(declared.root.at("base_url"), "The credential");
  },
};

function isLoopback(url: string): boolean {
  const host = /^http:\/\/(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}
