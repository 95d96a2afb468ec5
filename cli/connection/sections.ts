/** Which key belongs in which section of a connection file. */
import type { Connector, Profile } from "../../schema/ir.ts";
import { suggestion } from "../did-you-mean.ts";
import { isReference } from "./references.ts";

type Fail = (message: string) => never;

/** The connector's profile of that id, or the end of the command. */
export function profileOf(connector: Connector, id: string, fail: Fail): Profile {
  const profile = connector.profiles.find((one) => one.id === id);
  return (
    profile ??
    fail(
      `${connector.slug} has no profile ${id}${suggestion(
        id,
        connector.profiles.map((one) => one.id),
      )}`,
    )
  );
}

/** The credential keys of a profile; a token that is already at hand may stand in for an OAuth or service account grant. */
export function credentialKeys(profile: Profile): readonly string[] {
  const given =
    profile.type.startsWith("oauth2_") || profile.type === "service_account"
      ? ["access_token", "refresh_token", "expires_at"]
      : [];
  return [...new Set([...profile.fields.map(({ key }) => key), ...given])];
}

/** Refuses a key in the wrong section, an unknown key, and a reference where none is read. */
export function checkSection(
  section: "credentials" | "config",
  written: ReadonlyMap<string, unknown>,
  at: string,
  connector: Connector,
  profile: string | undefined,
  fail: Fail,
): void {
  const profiles = connector.profiles.filter(({ id }) => profile === undefined || id === profile);
  const credentials = [...new Set(profiles.flatMap(credentialKeys))];
  const settings = connector.settings.map(({ key }) => key);
  const [here, there, other] =
    section === "credentials"
      ? [credentials, settings, "config"]
      : [settings, connector.profiles.flatMap(credentialKeys), "credentials"];
  for (const [key, value] of written) {
    if (!here.includes(key) && there.includes(key))
      fail(
        `${key} is a ${section === "credentials" ? "setting" : "credential"} and stands under \`${at}\`; move it to \`${other}\``,
      );
    if (!here.includes(key)) fail(`${at} has the unknown key ${key}${suggestion(key, here)}`);
    if (section === "config" && isReference(value))
      fail(`config.${key} is ${value}: variables are read only under \`credentials\`; write the value`);
  }
}
