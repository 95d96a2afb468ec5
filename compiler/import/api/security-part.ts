/** One security scheme, or one flow of it, as the part of a profile that it makes. */
import type { AuthProfile, CredentialChain, CredentialField, OAuth } from "../../../schema/descriptor.ts";

export type ProfileType = AuthProfile["type"];

export interface Part {
  readonly type: ProfileType;
  /** What the user gives; for types that imply their fields only beside others. */
  readonly fields: readonly CredentialField[];
  /** The type has these fields, and puts them there, without being told. */
  readonly implied: boolean;
  readonly headers: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly cookies: { readonly [name: string]: string };
  readonly oauth?: OAuth;
  readonly chain?: CredentialChain;
  /** Settings that profiles of this type alone have, by their keys in the profile. */
  readonly own?: { readonly [key: string]: unknown };
  readonly mtls?: { readonly certificate: string; readonly key: string };
  readonly description?: string;
  readonly remark?: string;
}

const nothing: Pick<Part, "headers" | "query" | "cookies"> = { headers: {}, query: {}, cookies: {} };

export function secretField(key: string, label: string): CredentialField {
  return { key, label, field_type: "secret" };
}

export function bearerPart(label = "Token"): Part {
  return {
    ...nothing,
    type: "bearer",
    fields: [secretField("token", label)],
    implied: true,
    headers: { Authorization: "Bearer {token}" },
  };
}

export function basicPart(): Part {
  return {
    ...nothing,
    type: "basic",
    fields: [
      { key: "username", label: "User name" },
      { key: "password", label: "Password", field_type: "password" },
    ],
    implied: true,
    headers: { Authorization: "Basic {base64({username}:{password})}" },
  };
}

export function keyPart(
  key: string,
  label: string,
  place: Partial<Pick<Part, "headers" | "query" | "cookies">>,
): Part {
  return { ...nothing, ...place, type: "api_key", fields: [secretField(key, label)], implied: false };
}

export function digestPart(): Part {
  return { ...basicPart(), type: "digest", headers: {} };
}

export function oauthPart(
  type: "oauth2_authorization_code" | "oauth2_client_credentials",
  oauth: OAuth,
): Part {
  return {
    ...nothing,
    type,
    fields: [{ key: "client_id", label: "Client id" }, secretField("client_secret", "Client secret")],
    implied: true,
    headers: { Authorization: "Bearer {access_token}" },
    oauth,
  };
}

/** AWS Signature Version 4, for the service and region that templates name. */
export function awsPart(service: string, region: string | undefined): Part {
  return signedPart("aws_sigv4", { service, ...(region === undefined ? {} : { region }) });
}

/** A profile whose type signs requests by itself, with the settings of its own key. */
export function signedPart(
  type: "aws_sigv4" | "oauth1" | "jwt",
  settings: { readonly [key: string]: unknown },
): Part {
  return {
    ...nothing,
    type,
    fields: [],
    implied: true,
    headers: {},
    ...(Object.keys(settings).length > 0 ? { own: { [type]: settings } } : {}),
  };
}

/** Mutual TLS: a client certificate, and nothing in the request. */
export function certificatePart(): Part {
  return {
    ...nothing,
    type: "none",
    fields: [
      secretField("certificate", "Client certificate (PEM)"),
      secretField("private_key", "Private key (PEM)"),
    ],
    implied: false,
    mtls: { certificate: "certificate", key: "private_key" },
  };
}

/** The resource owner's password grant (RFC 6749, section 4.3), which is a chain of one call here. */
export function passwordPart(id: string, tokenUrl: string): Part {
  const chainId = `${id}_password`;
  return {
    ...nothing,
    type: "api_key",
    fields: [
      { key: "username", label: "User name" },
      { key: "password", label: "Password", field_type: "password" },
      { key: "client_id", label: "Client id", required: false },
      { ...secretField("client_secret", "Client secret"), required: false },
    ],
    implied: false,
    headers: { Authorization: "Bearer {access_token}" },
    chain: {
      chain_id: chainId,
      description: "A token for the user name and password (OAuth 2.0, password grant).",
      initial_credentials_required: ["username", "password"],
      steps: [
        {
          step_name: "token",
          endpoint: tokenUrl,
          content_type: "form",
          body: {
            grant_type: "password",
            username: "{username}",
            password: "{password}",
            client_id: "{client_id}",
            client_secret: "{client_secret}",
          },
          extract: { access_token: "$.access_token" },
        },
      ],
      final_credential_name: "access_token",
    },
  };
}
