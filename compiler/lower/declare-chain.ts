import { pointerText } from "../read/tree.ts";
import { droppedKey } from "../validate/broken-marks.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredChain, DeclaredStep } from "./declared.ts";
import type { IsOpen } from "./openness.ts";

/** The steps of a chain, or of `oauth.after_token`. */
export function declareSteps(list: Cursor): DeclaredStep[] {
  return list.items().map((step, index) => ({
    name: step.at("step_name").string() ?? `step_${index + 1}`,
    at: step,
    extracts: step
      .at("extract")
      .entries()
      .map(([name, value]) => ({ name, at: value })),
  }));
}

export function declareChain(at: Cursor, isOpen: IsOpen, broken: ReadonlySet<string>): DeclaredChain {
  return {
    id: at.at("chain_id").string() ?? "",
    at,
    initial: at
      .at("initial_credentials_required")
      .items()
      .flatMap((item) => {
        const key = item.string();
        return key === undefined ? [] : [{ key, at: item }];
      }),
    steps: declareSteps(at.at("steps")),
    final: at.at("final_credential_name").string(),
    open:
      isOpen(at.at("initial_credentials_required")) ||
      isOpen(at.at("steps"), "step_name") ||
      at.at("steps").items().length === 0 ||
      at
        .at("steps")
        .items()
        .some((step) => {
          const extract = step.at("extract");
          // A key of the step that nobody knows may be an extract that lost its indentation.
          const lost = broken.has(pointerText([...step.path, droppedKey]));
          return lost || extract.node?.kind !== "map" || isOpen(extract);
        }),
  };
}
