import type { ValueSymbol } from "../../../schema/ir.ts";
import type { Finding } from "../../diagnostics.ts";
import type { DeclaredField, DeclaredProfile } from "../../lower/declared.ts";
import type { Owner } from "../../lower/lowering.ts";
import type { Lookup } from "./lookup.ts";
import type { Secrets } from "./secrets.ts";

/** One station of a secret's way, as a finding shows it. */
export type Hop = NonNullable<Finding["related"]>[number];

/** The way of a value from where it is declared to where it can be used. */
export type HopsTo = (symbol: ValueSymbol, owner: Owner) => readonly Hop[];

/** Follows values back: an extract to the secret that its request carried, a token to where it is obtained. */
export function createHops(lookup: Lookup, { secretIn }: Secrets): HopsTo {
  const hopsTo: HopsTo = (symbol, owner) => {
    switch (symbol.kind) {
      case "credential": {
        const field = lookup.fieldOf(symbol.key, owner);
        return field ? [declarationOf(field)] : [];
      }
      case "extract":
        return extractHops(symbol.step, symbol.name, owner);
      case "token": {
        const [profile] = lookup.profilesOf(owner);
        const last = profile?.chain?.steps.at(-1);
        const final = profile?.chain?.final;
        if (profile && last && final !== undefined)
          return extractHops(last.name, final, { kind: "profile", id: profile.id });
        return profile ? [tokenOf(profile)] : [];
      }
      case "oauth": {
        const at = lookup
          .profilesOf(owner)
          .map((profile) => profile.at.at("oauth").at("extract").at(symbol.name))
          .find(({ exists }) => exists);
        const message = `\`${symbol.name}\` is taken from the token answer here`;
        return at ? [{ path: at.path, at: "key", message }] : [];
      }
      default:
        return [];
    }
  };
  const extractHops = (step: string, name: string, owner: Owner): readonly Hop[] => {
    const found = lookup.stepOf(step, owner);
    const at = found?.step.extracts.find((extract) => extract.name === name)?.at;
    if (!found || !at) return [];
    const taken: Hop = { path: at.path, at: "key", message: `\`${name}\` is taken from the answer here` };
    const used = secretIn(found);
    if (!used) return [taken];
    const message = `the request that asks for \`${name}\` uses it here`;
    return [...hopsTo(used.symbol, used.owner), { path: used.path, span: used.span, message }, taken];
  };
  return hopsTo;
}

function declarationOf({ key, at, secret, implied }: DeclaredField): Hop {
  const what = secret ? "the secret" : "the credential";
  if (!implied) return { path: [...at.path, "key"], message: `${what} \`${key}\` is declared here` };
  return at.scalar
    ? { path: at.path, message: `${what} \`${key}\` is asked for here` }
    : { path: [...at.path, "type"], message: `${what} \`${key}\` comes with this type` };
}

function tokenOf({ at, type }: DeclaredProfile): Hop {
  const url = at.at("oauth").at("token_url");
  return url.exists
    ? { path: url.path, message: "the access token is obtained here" }
    : { path: [...at.path, "type"], message: `the token of \`${type}\` comes with this type` };
}

/** What to call a value in a sentence. */
export function nameOf(symbol: ValueSymbol): string {
  switch (symbol.kind) {
    case "credential":
    case "setting":
      return `\`${symbol.key}\``;
    case "token":
      return "the access token";
    case "request":
      return `\`request.${symbol.part}\``;
    default:
      return `\`${symbol.name}\``;
  }
}
