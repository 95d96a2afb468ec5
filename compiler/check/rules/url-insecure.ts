import type { Cursor } from "../../lower/cursor.ts";
import { declareSteps } from "../../lower/declare-chain.ts";
import type { DeclaredProfile } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import { inStyle } from "../../validate/words.ts";
import { isLoopback } from "../flow/domains.ts";
import type { Hop } from "../flow/hops.ts";
import type { Rule } from "../rule.ts";

export const urlInsecure: Rule = {
  id: "url/insecure",
  severity: "error",
  summary: "A credential, or an OAuth exchange, over plain http.",
  check: ({ declared, lowering, operations }, report) => {
    const judge = (at: Cursor, what: string, carried: readonly Hop[], severity?: "warning"): void => {
      const text = at.string();
      if (text === undefined || !/^http:\/\//i.test(text) || isLoopback(hostOf(text))) return;
      report({
        path: at.path,
        message: `${what} would travel over plain http.`,
        label: "everyone on the way can read it",
        help: "Write https://.",
        ...(at.scalar && at.scalar.style !== "block"
          ? { replace: inStyle(text.replace(/^http:/i, "https:"), at.scalar) }
          : {}),
        related: carried,
        ...(severity ? { severity } : {}),
      });
    };
    for (const profile of declared.profiles) {
      const { at } = profile;
      for (const key of ["authorize_url", "token_url", "refresh_url"])
        judge(at.at("oauth").at(key), "The OAuth exchange", []);
      for (const step of declareSteps(at.at("oauth").at("after_token")))
        judge(step.at.at("endpoint"), "The credential", []);
      if (isSecretive(profile)) judge(at.at("test_endpoint").at("url"), "The credential", [typeOf(profile)]);
    }
    for (const { steps } of declared.chains)
      for (const { at } of steps) judge(at.at("endpoint"), "The credential", []);
    const carries = operations.filter(({ profiles }) => profiles.some(isSecretive));
    const carried = ({ profiles }: Pick<Model["operations"][number], "profiles">): readonly Hop[] =>
      profiles.filter(isSecretive).slice(0, 1).map(typeOf);
    for (const operation of carries)
      judge(operation.declared.at.at("endpoint"), "The credential", carried(operation));
    const [first] = carries;
    if (!first) return;
    judge(declared.root.at("base_url"), "The credential", carried(first));
    const bases = new Set(
      lowering.references.flatMap(({ symbol, context }) =>
        context === "base_url" && symbol.kind === "setting" ? [symbol.key] : [],
      ),
    );
    for (const { key, at } of declared.settings)
      if (bases.has(key))
        judge(at.at("default_value"), "By default the credential", carried(first), "warning");
  },
};

function isSecretive({ type }: DeclaredProfile): boolean {
  return type !== "none";
}

/** The profile whose credential it is. */
function typeOf({ at, id }: DeclaredProfile): Hop {
  return { path: [...at.path, "type"], message: `the credential of \`${id}\`` };
}

function hostOf(url: string): string {
  return /^http:\/\/(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1] ?? "";
}
