import type { Operation } from "../../../schema/ir.ts";
import type { Finding } from "../../diagnostics.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredProfile } from "../../lower/declared.ts";
import type { LoweredProfile } from "../../lower/profile.ts";
import type { Rule } from "../rule.ts";
import { type SentEntry, type SentIn, sentEntries } from "../sent.ts";

export const headerShadowsCredential: Rule = {
  id: "header/shadows-credential",
  severity: "error",
  summary: "A header, query entry or cookie of an operation that meets the one that carries its credential.",
  check: ({ operations, declared, profiles: lowered }, report) => {
    const defaults = declared.root.at("defaults");
    const signed = new Map(lowered.toReversed().map((one) => [one.declared.id, signedHeaders(one)]));
    for (const { operation, declared: own, profiles } of operations) {
      if (!operation || operation.auth.length === 0 || !sendsMore(operation)) continue;
      const credential = credentialNames(operation, signed);
      const owners = [own.at, defaults, ...profiles.map(({ at }) => at)];
      const meets = (place: SentIn, name: string): boolean =>
        credential[place].has(keyOf({ in: place, name }));
      for (const sent of sentEntries(operation, own, defaults, meets)) {
        const { path, at } = sent;
        report({
          path,
          at,
          label: "this one would meet it",
          ...words(sent, own.id),
          ...placedBy(owners, profiles, sent),
        });
      }
    }
  },
};

/** Whether anything could meet the credential. */
function sendsMore({ exchange: { headers, query, cookies }, idempotency_header: key }: Operation): boolean {
  return headers.length + query.length + cookies.length > 0 || key !== undefined;
}

/** The names under which any profile of the operation sends its credential; header names in lower case. */
function credentialNames(
  { auth }: Operation,
  signed: ReadonlyMap<string, readonly string[]>,
): { readonly [place in SentIn]: ReadonlySet<string> } {
  const names = { header: new Set<string>(), query: new Set<string>(), cookie: new Set<string>() };
  for (const { placement, profile } of auth) {
    for (const { name } of placement.headers) names.header.add(name.toLowerCase());
    for (const { name } of placement.query) names.query.add(name);
    for (const { name } of placement.cookies) names.cookie.add(name);
    for (const name of signed.get(profile) ?? []) names.header.add(name);
  }
  return names;
}

/** Headers that a profile's signer puts into every request. */
function signedHeaders({ profile }: LoweredProfile): readonly string[] {
  const signer = profile?.signer;
  if (!signer) return [];
  return [signer.kind === "wsse" ? signer.header.toLowerCase() : "authorization"];
}

function keyOf({ in: place, name }: Pick<SentEntry, "in" | "name">): string {
  return place === "header" ? name.toLowerCase() : name;
}

const places: { readonly [place in SentIn]: string } = {
  header: "in the header",
  query: "as the query parameter",
  cookie: "in the cookie",
};

function words({ in: place, name, from }: SentEntry, id: string): Pick<Finding, "message" | "help"> {
  const where = `${places[place]} ${name}`;
  switch (from) {
    case "idempotency":
      return {
        message: `The credential is sent ${where}: the idempotency key would be dropped, and a repeated write would be done twice.`,
        help: "Write the header that the API reads the key from, such as Idempotency-Key.",
      };
    case "parameter":
      return {
        message: `The credential is sent ${where}: this one would meet it.`,
        help: "Remove the parameter: the caller does not choose the credential.",
      };
    case "defaults":
      return {
        message: `\`${id}\` sends its credential ${where}: this one would meet it.`,
        help: `Remove it here; what carries a credential is said by auth_${plural[place]} or the profile's type.`,
      };
    case "own":
      return {
        message: `The credential is sent ${where}: this one would meet it.`,
        help: `Remove it here; what carries a credential is said by auth_${plural[place]} or the profile's type.`,
      };
  }
}

const plural: { readonly [place in SentIn]: string } = {
  header: "headers",
  query: "query",
  cookie: "cookies",
};

/** Where the credential is placed: by the operation, the defaults, a profile's own entries, or by its type. */
function placedBy(
  owners: readonly Cursor[],
  profiles: readonly DeclaredProfile[],
  sent: SentEntry,
): Pick<Finding, "related"> {
  for (const owner of owners)
    for (const [written, value] of owner.at(`auth_${plural[sent.in]}`).entries())
      if (keyOf({ in: sent.in, name: written }) === keyOf(sent))
        return { related: [{ path: value.path, at: "key", message: "the credential is placed here" }] };
  return byType(profiles[0]);
}

function byType(profile: DeclaredProfile | undefined): Pick<Finding, "related"> {
  if (!profile) return {};
  const message = `a profile of type ${profile.type} sends its credential so`;
  return { related: [{ path: [...profile.at.path, "type"], message }] };
}
