import type { ValueSymbol } from "../../../schema/ir.ts";
import type { DeclaredChain } from "../../lower/declared.ts";
import type { Owner, Reference } from "../../lower/lowering.ts";
import type { FoundStep, Lookup } from "./lookup.ts";
import { secrecyOfName } from "./names.ts";

/** Which values are secrets, and not facts such as an address, an id or an expiry. */
export interface Secrets {
  isSecret(symbol: ValueSymbol, owner: Owner): boolean;
  /** A secret that the request of a step carries: one that is named so where there is one. */
  secretIn(found: FoundStep): Reference | undefined;
}

/**
 * Sources are credential fields, the token in use, what a chain's steps extract, and `oauth.extract`. A field is secret
 * if it is marked so. The final credential of a chain is secret; any other extract is what its name, else the name
 * that its path ends with, says it is; one whose names say nothing is secret if the request that brought it carried
 * a secret and nothing sends it as a host. What `oauth.extract` adds is secret only where its name says so: the
 * token itself is not among it.
 */
export function createSecrets(lookup: Lookup): Secrets {
  const known = new Map<string, boolean>();
  const isSecret: Secrets["isSecret"] = (symbol, owner) => {
    switch (symbol.kind) {
      case "token":
        return true;
      case "oauth":
        return secrecyOfName(symbol.name) === "secret";
      case "credential":
        return lookup.fieldOf(symbol.key, owner)?.secret ?? isAskedFor(symbol.key, lookup.chainsOf(owner));
      case "extract": {
        const found = lookup.stepOf(symbol.step, owner);
        if (!found) return false;
        const key = `${found.step.at.path.join("/")} ${symbol.name}`;
        const secret = known.get(key) ?? isSecretExtract(found, symbol.name);
        known.set(key, secret);
        return secret;
      }
      default:
        return false;
    }
  };
  const secretIn: Secrets["secretIn"] = ({ chain, step }) => {
    const index = chain.steps.indexOf(step);
    const secrets = lookup
      .usedIn(step)
      .filter(({ symbol, owner }) => isEarlier(symbol, chain, index) && isSecret(symbol, owner));
    return secrets.find(({ symbol }) => saysSecret(symbol)) ?? secrets[0];
  };
  const isSecretExtract = (found: FoundStep, name: string): boolean => {
    const { chain, step } = found;
    if (name === chain.final && step === chain.steps.at(-1)) return true;
    const says = [name, pathName(found, name)].map(secrecyOfName).find((word) => word !== "unknown");
    if (says !== undefined) return says === "secret";
    return secretIn(found) !== undefined && !lookup.isAddress(step.name, name);
  };
  return { isSecret, secretIn };
}

/** The name that the path of an extract ends with, or that of its header. */
function pathName({ step }: FoundStep, name: string): string {
  const at = step.extracts.find((extract) => extract.name === name)?.at;
  const path = at?.string() ?? at?.at("header").string() ?? "";
  return /([\w-]+)['"]?\]?$/.exec(path.slice(-100))?.[1] ?? "";
}

/** Steps look back only: two of one name, which is an error, must not make a circle. */
function isEarlier(symbol: ValueSymbol, chain: DeclaredChain, index: number): boolean {
  return symbol.kind !== "extract" || chain.steps.findIndex(({ name }) => name === symbol.step) < index;
}

/** A chain's initial credential that the profile forgets to declare was reported; it counts as secret. */
function isAskedFor(key: string, chains: readonly DeclaredChain[]): boolean {
  return chains.some(({ initial }) => initial.some((credential) => credential.key === key));
}

function saysSecret(symbol: ValueSymbol): boolean {
  return secrecyOfName("key" in symbol ? symbol.key : "name" in symbol ? symbol.name : "") === "secret";
}
