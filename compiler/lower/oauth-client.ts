/** How a client proves itself at a token endpoint (RFC 6749, section 2.3; RFC 7523, section 2.2). */
import type { Entry, Hole, JwtRecipe, Template } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredProfile } from "./declared.ts";
import { fieldTemplate, grantHole, holeEntry, templateEntry, textEntry } from "./holes.ts";
import { claim, lowerRecipe, withClaims } from "./jwt.ts";
import type { Lowering } from "./lowering.ts";
import { lowerTemplate, type Place } from "./templates.ts";

export type ClientAuth = "body" | "basic" | "basic_raw" | "query" | "private_key_jwt" | "none";

const clientAuths: readonly ClientAuth[] = ["body", "basic", "basic_raw", "query", "private_key_jwt", "none"];

/** `client_auth`, of the profile or of its refresh calls. */
export function clientAuthOf(at: Cursor): ClientAuth {
  return clientAuths.find((auth) => auth === at.string()) ?? "body";
}

/** What a token call carries for its client. */
export interface ClientProof {
  /** Of the body, or of the query where the client goes there. */
  readonly entries: readonly Entry[];
  readonly headers: readonly Entry[];
  readonly assertion?: JwtRecipe;
}

/** How the client of one call proves itself, and where its parameters go. */
export interface ClientCall {
  readonly auth: ClientAuth;
  readonly place: Place;
  /** For the `aud` of an assertion. */
  readonly tokenUrl: Template | undefined;
}

/** The client's part of a token call; undefined where the profile lacks a value that it needs (reported by `oauth/client`). */
export function lowerClient(
  lowering: Lowering,
  profile: DeclaredProfile,
  { auth, place, tokenUrl }: ClientCall,
): ClientProof | undefined {
  const at = profile.at.at("oauth");
  const id = clientValue(lowering, profile, "client_id", place);
  if (!id) return undefined;
  if (auth === "none") return { entries: [templateEntry("client_id", id)], headers: [] };
  if (auth === "private_key_jwt") return assertionProof(lowering, at, id, place, tokenUrl);
  const secret = clientValue(lowering, profile, "client_secret", place);
  if (!secret) return undefined;
  if (auth !== "basic" && auth !== "basic_raw")
    return { entries: [templateEntry("client_id", id), templateEntry("client_secret", secret)], headers: [] };
  const pair = auth === "basic" ? basicPair(id, secret) : rawPair(id, secret);
  return { entries: [], headers: [templateEntry("Authorization", basicHeader(pair))] };
}

/** `oauth.client_id`, else the field of that name. */
export function clientValue(
  lowering: Lowering,
  profile: DeclaredProfile,
  key: "client_id" | "client_secret",
  place: Place,
): Template | undefined {
  const at = profile.at.at("oauth").at(key);
  return at.exists ? lowerTemplate(lowering, at, place) : fieldTemplate(lowering, profile, key, place);
}

/** RFC 7523, section 3: who asks, whom, and a name of its own for each assertion. */
function assertionProof(
  lowering: Lowering,
  at: Cursor,
  id: Template,
  place: Place,
  tokenUrl: Template | undefined,
): ClientProof | undefined {
  const recipe = lowerRecipe(lowering, at.at("client_assertion"), { ...place, section: "oauth" });
  if (!recipe || !tokenUrl) return undefined;
  const client = claim(raw(id));
  return {
    entries: [
      templateEntry("client_id", id),
      textEntry(
        "client_assertion_type",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        place.context,
      ),
      holeEntry("client_assertion", grantHole("assertion", place.context)),
    ],
    headers: [],
    assertion: withClaims(recipe, [
      { key: "iss", value: client },
      { key: "sub", value: client },
      { key: "aud", value: claim(tokenUrl) },
      { key: "jti", value: uuidClaim },
    ]),
  };
}

const uuidClaim = {
  kind: "value",
  hole: { kind: "call", function: "uuid", args: [], context: "json", optional: false, secret: false },
} as const;

/** Both parts are form-encoded first (RFC 6749, section 2.3.1). */
function basicPair(id: Template, secret: Template): Template {
  const encoded = (value: Template): Hole => ({
    kind: "call",
    function: "url",
    args: [raw(value)],
    context: "raw",
    optional: false,
    secret: true,
  });
  return { parts: [encoded(id), ":", encoded(secret)] };
}

/** Both parts as they are (RFC 7617): what many servers want that have never read RFC 6749. */
function rawPair(id: Template, secret: Template): Template {
  return { parts: [...raw(id).parts, ":", ...raw(secret).parts] };
}

function basicHeader(pair: Template): Template {
  return {
    parts: [
      "Basic ",
      {
        kind: "call",
        function: "base64",
        args: [pair],
        context: "header",
        optional: false,
        secret: true,
      },
    ],
  };
}

/** The same template where its text is an argument, not yet part of a request. */
export function raw(template: Template): Template {
  return {
    parts: template.parts.map((part): string | Hole =>
      typeof part === "string" ? part : { ...part, context: "raw" },
    ),
  };
}
