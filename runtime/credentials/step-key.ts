import type { Step, ValueSymbol } from "../../schema/ir.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { StateKey } from "../ports.ts";
import type { Scope } from "../request/scope.ts";
import { compileText, readSymbol } from "../request/template.ts";

/** Where a step's values are cached: a keyed hash of tenant, connector, step and all that flows into it. */
export type StepKey = (scope: Scope) => StateKey;

/**
 * Compiles the key of a step that follows others. The inputs are those that the compiler listed and those that the
 * step itself reads, signature and assertion included, and through an extract all that flowed into the step which gave
 * it: a server may give two users one intermediate value, and a list that forgot an input would hand one user's token
 * to another.
 */
export function compileStepKey(
  step: Step,
  before: readonly Step[],
  owner: { readonly tenant: string; readonly slug: string },
  keyring: Pick<Keyring, "digest">,
): StepKey {
  const inputs = distinct(inputsOf(step, before)).filter((symbol) => symbol.kind !== "request");
  const readers = inputs.map((symbol) => ({ name: JSON.stringify(symbol), read: readSymbol(symbol) }));
  const authorKey = step.cache_key ? compileText(step.cache_key) : undefined;
  const definition = JSON.stringify(step);
  return (scope) => {
    const values = readers.flatMap(({ name, read }) => [name, JSON.stringify(read(scope)) ?? ""]);
    const id = keyring.digest([
      "step",
      owner.tenant,
      owner.slug,
      definition,
      ...values,
      authorKey?.(scope) ?? "",
    ]);
    return { tenant: owner.tenant, kind: "secret", id };
  };
}

function inputsOf(step: Step, before: readonly Step[]): ValueSymbol[] {
  return [...step.inputs, ...symbolsIn(step)].flatMap((symbol) => {
    const at = symbol.kind === "extract" ? before.findIndex(({ name }) => name === symbol.step) : -1;
    const giver = before[at];
    return giver ? [symbol, ...inputsOf(giver, before.slice(0, at))] : [symbol];
  });
}

function distinct(symbols: readonly ValueSymbol[]): ValueSymbol[] {
  return [...new Map(symbols.map((symbol) => [JSON.stringify(symbol), symbol])).values()].sort((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
  );
}

/** Every symbol in a piece of the IR: holes are the only objects that carry one. */
export function symbolsIn(node: unknown): ValueSymbol[] {
  if (typeof node !== "object" || node === null) return [];
  const { kind, symbol } = node as { kind?: unknown; symbol?: ValueSymbol };
  if (kind === "ref" && symbol) return [symbol];
  return Object.values(node).flatMap(symbolsIn);
}
