import type { Entry, Hole, Placement, Template } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredProfile } from "./declared.ts";
import { lowerEntries } from "./entries.ts";
import type { Lowering, Owner } from "./lowering.ts";
import type { Scope } from "./scope.ts";

export const noPlacement: Placement = { headers: [], query: [], cookies: [] };

/** `auth_headers`, `auth_query` and `auth_cookies` of an operation, a profile or the defaults; undefined where none is given. */
export function lowerGivenPlacement(
  lowering: Lowering,
  at: Cursor,
  scope: Scope,
  owner: Owner,
): Placement | undefined {
  if (!hasPlacement(at)) return undefined;
  const entries = (
    key: "auth_headers" | "auth_query" | "auth_cookies",
    context: "header" | "query" | "cookie",
  ): Entry[] => lowerEntries(lowering, at.at(key), { scope, owner, context, section: key });
  return {
    headers: entries("auth_headers", "header"),
    query: entries("auth_query", "query"),
    cookies: entries("auth_cookies", "cookie"),
  };
}

export function hasPlacement(at: Cursor): boolean {
  return at.has("auth_headers") || at.has("auth_query") || at.has("auth_cookies");
}

/** How many entries a placement has. */
export function placementSize(at: Cursor): number {
  const sizes = ["auth_headers", "auth_query", "auth_cookies"].map((key) => at.at(key).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The type's own place; undefined for an api_key that says nothing. */
export function ownPlacement(
  profile: DeclaredProfile,
  credentialField: Template | undefined,
): Placement | undefined {
  const token: Template = credentialField ?? { parts: [tokenHole()] };
  switch (profile.type) {
    case "none":
      return noPlacement;
    case "basic":
      return profile.chain
        ? bearer(token)
        : authorization(basic(field(profile, "username"), field(profile, "password")));
    case "bearer":
      return bearer(profile.chain || credentialField ? token : { parts: [field(profile, "token")] });
    case "oauth2_authorization_code":
    case "oauth2_client_credentials":
    case "service_account":
      return bearer(token);
    case "jwt":
      return bearer(token);
    case "oauth1":
    case "aws_sigv4":
    case "digest":
    case "wsse":
      return noPlacement;
    case "api_key":
      return profile.chain || credentialField ? bearer(token) : undefined;
  }
}

/** The field that a type's own place takes, or the profile's only secret where it has another name. */
function field(profile: DeclaredProfile, key: string): Hole {
  const named = profile.fields.find((f) => f.key === key);
  const secrets = profile.fields.filter((f) => f.secret);
  const plain = profile.fields.filter((f) => !f.secret);
  const chosen = named ?? (key === "username" ? plain[0] : secrets[0]) ?? profile.fields[0];
  return {
    kind: "ref",
    symbol: { kind: "credential", key: chosen?.key ?? key },
    context: "header",
    optional: chosen?.required === false,
    secret: chosen?.secret ?? true,
    type: chosen?.type ?? "string",
  };
}

function tokenHole(): Hole {
  return {
    kind: "ref",
    symbol: { kind: "token" },
    context: "header",
    optional: false,
    secret: true,
    type: "string",
  };
}

function bearer(token: Template): Placement {
  return authorization({ parts: ["Bearer ", ...token.parts] });
}

/** RFC 7617. */
function basic(user: Hole, password: Hole): Template {
  const raw = (hole: Hole): Hole => ({ ...hole, context: "raw", optional: false });
  return {
    parts: [
      "Basic ",
      {
        kind: "call",
        function: "base64",
        args: [{ parts: [raw(user), ":", raw(password)] }],
        context: "header",
        optional: false,
        secret: true,
      },
    ],
  };
}

function authorization(value: Template): Placement {
  return { ...noPlacement, headers: [{ kind: "template", name: "Authorization", value }] };
}
