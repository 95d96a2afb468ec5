import type { ProfileType } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredChain, DeclaredField } from "./declared.ts";
import { createFind } from "./find.ts";

const findField = createFind<DeclaredField>(({ key }) => key);

const secretField = (key: string, at: Cursor, required = true): DeclaredField => ({
  key,
  type: "secret",
  required,
  secret: true,
  implied: true,
  bounded: false,
  at,
});
const plainField = (key: string, at: Cursor, required = true): DeclaredField => ({
  key,
  type: "string",
  required,
  secret: false,
  implied: true,
  bounded: false,
  at,
});

/** What a chain asks of its profiles: the same list for all of them. */
const initialFields = new WeakMap<DeclaredChain, readonly DeclaredField[]>();

/** Fields implied when a profile declares none (language reference, "Names and scopes"). */
export function impliedFields(
  type: ProfileType,
  chain: DeclaredChain | undefined,
  settings: readonly DeclaredField[],
  at: Cursor,
): readonly DeclaredField[] {
  if (chain) {
    const known = initialFields.get(chain);
    if (known) return known;
    const fields = chain.initial
      .filter(({ key }) => !findField(settings, key))
      .map((initial) =>
        standsInHost(chain, initial.key)
          ? plainField(initial.key, initial.at)
          : secretField(initial.key, initial.at),
      );
    initialFields.set(chain, fields);
    return fields;
  }
  switch (type) {
    case "basic":
    case "digest":
    case "wsse":
      return [plainField("username", at), secretField("password", at)];
    case "bearer":
      return [secretField("token", at)];
    case "oauth2_client_credentials":
    case "oauth2_authorization_code":
      return withTokens(type, clientFields(at), at);
    case "service_account":
      // Whoever writes the assertion says what it is made of.
      return at.at("oauth").has("assertion")
        ? withTokens(type, [], at)
        : withTokens(type, [{ ...secretField("service_account_json", at), type: "json" }], at);
    case "oauth1":
      // Where users log in, the token comes from there.
      return [
        ...["consumer_key", "consumer_secret"].map((key) => secretField(key, at)),
        ...["token", "token_secret"].map((key) =>
          secretField(key, at, !at.at("oauth1").has("authorize_url")),
        ),
      ];
    case "aws_sigv4":
      return [
        plainField("access_key_id", at),
        secretField("secret_access_key", at),
        secretField("session_token", at, false),
      ];
    default:
      return [];
  }
}

/** A client that proves itself by a signature, or not at all, has no secret to share. */
function clientFields(at: Cursor): DeclaredField[] {
  const auth = at.at("oauth").at("client_auth").string();
  return auth === "none" || auth === "private_key_jwt"
    ? [plainField("client_id", at)]
    : [plainField("client_id", at), secretField("client_secret", at)];
}

/** Every OAuth profile also accepts tokens that were obtained elsewhere. */
export function withTokens(type: ProfileType, fields: readonly DeclaredField[], at: Cursor): DeclaredField[] {
  if (!type.startsWith("oauth2_") && type !== "service_account") return [...fields];
  const given = [
    secretField("access_token", at, false),
    secretField("refresh_token", at, false),
    plainField("expires_at", at, false),
  ];
  return [...fields, ...given.filter(({ key }) => !fields.some((field) => field.key === key))];
}

/** `{name}` opens an endpoint or stands between `://` and the path. */
function standsInHost(chain: DeclaredChain, name: string): boolean {
  const pattern = new RegExp(
    `^(\\{${name.replace(/[^\w-]/g, "")}\\}|[a-z]+://[^/?#]*\\{${name.replace(/[^\w-]/g, "")}\\})`,
    "i",
  );
  return chain.steps.some((step) => pattern.test(step.at.at("endpoint").string() ?? ""));
}
