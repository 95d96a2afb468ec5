/** What of an example may be written down. Recordings and collections hold real values: the default is that none is. */
import { secrecyOfName } from "../../check/flow/names.ts";
import { looksSecret } from "../secrets.ts";

/** Words of names whose values are a person's own, or let somebody in. */
const personal =
  /(?:^|_)(?:pin|ssn|cvv|cvc|iban|card|nonce|signature|sig|salt|code|code_verifier|device_id|dsn|fingerprint|hash)$/;

/** Whether what stands under a name is, or may be, a credential. */
export function isSecretName(name: string): boolean {
  if (secrecyOfName(name) === "secret") return true;
  return personal.test(
    name
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .replace(/[^A-Za-z0-9]+/g, "_")
      .toLowerCase(),
  );
}

/** Texts that can be nobody's secret: small numbers, dates, versions, words, addresses without a query. */
const plain: readonly RegExp[] = [
  /^-?\d{1,6}(?:\.\d{1,4})?$/,
  /^(?:true|false|asc|desc)$/i,
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/,
  /^v?\d{1,4}(?:\.\d{1,4}){1,3}$/,
  /^[A-Za-z]{2}[-_][A-Za-z]{2}$/,
  /^[A-Za-z]{1,24}(?:[ _,-][A-Za-z]{1,24}){0,6}$/,
  /^[a-z]+\/[a-z*][a-z0-9.+*-]*$/i,
];

/** Whether a value may be written as an example or a default of what has this name. */
export function isHarmless(name: string, text: string): boolean {
  return !isSecretName(name) && !looksSecret(text) && plain.some((form) => form.test(text));
}

/** An https address that holds nothing but a host and a path of plain words. */
export function isPlainAddress(text: string): boolean {
  return (
    /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z][A-Za-z_.-]{0,30}|\/v\d{1,3}(?:\.\d{1,3})*)*\/?$/i.test(
      text,
    ) && !looksSecret(text)
  );
}
