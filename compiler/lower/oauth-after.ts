/** `oauth.after_token`: what is called when a token has been obtained. */
import type { Step, StepValue } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import { declareSteps } from "./declare-chain.ts";
import type { Declared, DeclaredChain, DeclaredProfile } from "./declared.ts";
import type { Lowering } from "./lowering.ts";
import { lowerChain } from "./step.ts";

/** Extracts that take the place of what the token call gave. */
export const replacing: ReadonlySet<string> = new Set(["access_token", "refresh_token", "expires_in"]);

/** Names of the token calls themselves. */
const taken: ReadonlySet<string> = new Set(["token", "refresh"]);

/** The calls of a profile as a chain; without steps where it has none. */
export function afterChain({ id, at: profile }: DeclaredProfile): DeclaredChain {
  const at = profile.at("oauth").at("after_token");
  return {
    id: `${id}: after_token`,
    at,
    initial: [],
    steps: declareSteps(at),
    final: undefined,
    open: false,
  };
}

/** The credential chains, and the calls that follow tokens. */
export function allChains({ chains, profiles }: Declared): readonly DeclaredChain[] {
  const calling = profiles.filter(({ at }) => at.has("oauth") && at.at("oauth").has("after_token"));
  return [...chains, ...calling.map(afterChain).filter(({ steps }) => steps.length > 0)];
}

/** The calls in their order; undefined where one could not be lowered. `oauth`: values of the login that they may name. */
export function lowerAfter(
  lowering: Lowering,
  profile: DeclaredProfile,
  oauth: readonly string[],
): Step[] | undefined {
  const chain = afterChain(profile);
  for (const step of chain.steps)
    if (taken.has(step.name))
      lowering.report({
        rule: "chain/duplicate-step",
        path: [...step.at.path, "step_name"],
        message: `The token call itself has the name \`${step.name}\`.`,
        help: "Give the step another name.",
      });
  return lowerChain(lowering, chain, profile, oauth);
}

/** What `{oauth.name}` may say thanks to these calls. */
export function afterNames(oauth: Cursor): string[] {
  const names = declareSteps(oauth.at("after_token")).flatMap(({ extracts }) => extracts);
  return names.flatMap(({ name }) => (replacing.has(name) ? [] : [name]));
}

/** The token in use: the last that any of the calls gives. */
export function tokenAfter(first: StepValue, after: readonly Step[]): StepValue {
  const last = after.findLast(({ extract }) => extract.some(({ name }) => name === first.name));
  return last ? { ...first, step: last.name } : first;
}
