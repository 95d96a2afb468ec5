import { ConnectorError } from "../errors.ts";

/** A store that somebody must mend before it can be used. */
export function storeFault(message: string): ConnectorError {
  return new ConnectorError({ code: "configuration", phase: "configuration", message });
}

/** A store that does not answer now. */
export function storeSilent(message: string): ConnectorError {
  return new ConnectorError({ code: "state_unavailable", phase: "credentials", retryable: true, message });
}

/** What the operating system refused, in a sentence with the path. */
export function diskError(thrown: unknown, path: string, doing: "read" | "written"): unknown {
  if (ConnectorError.is(thrown)) return thrown;
  const code = codeOf(thrown);
  const reason = reasons[code] ?? `the system answers ${code}`;
  const message = `The credential store ${path} cannot be ${doing}: ${reason}.`;
  return lasting.has(code) ? storeFault(message) : storeSilent(message);
}

/** The code of an error of the file system; a text that is none where the error has none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "an unknown error";
}

const reasons: { readonly [code: string]: string | undefined } = {
  EACCES: "permission is denied. Check who owns it, or name another path",
  EPERM: "it is not permitted. Check who owns it, or name another path",
  EROFS: "the file system is read-only. Name another path",
  ENOTDIR: "a part of the path is no folder. Check the path",
  EISDIR: "it is a folder. Name a file",
  ELOOP: "it is a symbolic link. Name the file itself",
  ENOSPC: "the disk is full. Make room, and try again",
  EDQUOT: "the disk quota is used up",
};

const lasting: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR", "ELOOP"]);
