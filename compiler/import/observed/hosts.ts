import { looksSecret } from "../secrets.ts";
import { isIdentifier } from "./values.ts";

/** Whether a host, or a label of one, is a name that everybody may read. */
export function isHarmlessHost(host: string): boolean {
  return (
    !looksSecret(host) && host.split(".").every((label) => !isIdentifier(label) || /^\d{1,3}$/.test(label))
  );
}
