import type { Profile } from "../../schema/ir.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { ConnectorError } from "../errors.ts";
import type { ClientCertificate } from "../ports.ts";
import { reveal } from "../secrets/secret.ts";
import type { Credentials } from "./credentials.ts";

/** The certificate that connections of a profile show; undefined where the profile has none. */
export type ClientOf = (credentials: Credentials) => ClientCertificate | undefined;

export function compileClient(profile: Profile | undefined, keyring: Pick<Keyring, "digest">): ClientOf {
  const mtls = profile?.mtls;
  if (!mtls) return () => undefined;
  let fields: Credentials["fields"] | undefined;
  let made: ClientCertificate | undefined;
  return (credentials) => {
    if (made && fields === credentials.fields) return made;
    const certificate = pem(credentials, mtls.certificate);
    const key = pem(credentials, mtls.key);
    fields = credentials.fields;
    made = { id: keyring.digest(["client certificate", certificate, key]), certificate, key };
    return made;
  };
}

function pem({ fields }: Credentials, field: string): string {
  const value = reveal(fields.get(field));
  if (typeof value === "string" && value.includes("-----BEGIN ")) {
    // Keys that were pasted into one line carry `\n` as two characters.
    return value.includes("\\n") ? value.replaceAll("\\n", "\n") : value;
  }
  throw new ConnectorError({
    code: value === undefined ? "missing_credential" : "configuration",
    phase: "credentials",
    message:
      value === undefined
        ? `Credential "${field}" was not given. Give it under \`credentials\` of the connection.`
        : `Credential "${field}" holds no PEM text. Give the text between -----BEGIN and -----END, with both lines.`,
    details: { credential: field },
  });
}
