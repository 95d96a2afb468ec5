/** `git:REV` and `git:REV:path`, as `connector diff` takes them. */
import { posix } from "node:path";
import { CommandFailure } from "../failure.ts";

export interface GitAddress {
  readonly revision: string;
  /** As written: from the root of the repository, or from the current folder where it begins with `./` or `../`. */
  readonly path?: string;
  readonly slug?: string;
}

/**
 * A name, then steps such as `~3`, `^2`, `^{tree}`, `@{1}`. No word that git could take for an option, a range or a
 * search: whatever else git knows as a revision is refused.
 */
const revision = /^[A-Za-z0-9_@][A-Za-z0-9_.+/-]*(?:[~^]\d*|\^\{[a-z]*\}|@\{[A-Za-z0-9-]+\})*$/;

/** Undefined for what is no address of git; an address that is not well formed ends the command. */
export function parseGitAddress(text: string): GitAddress | undefined {
  if (!text.startsWith("git:")) return undefined;
  const [, address = "", slug] = /^git:(.*?)(?:#([a-z0-9-]+))?$/s.exec(text) ?? [];
  const colon = address.indexOf(":");
  const rev = colon < 0 ? address : address.slice(0, colon);
  const path = colon < 0 ? undefined : address.slice(colon + 1);
  if (rev === "" || rev.length > 200 || rev.includes("..") || !revision.test(rev))
    throw new CommandFailure(
      `git:${rev} names no revision that connector diff takes; write git:REV or git:REV:path, where REV is a branch, a tag or a commit, such as git:main or git:v1.2.0:jira.yaml`,
    );
  if (path !== undefined && !isPlainPath(path))
    throw new CommandFailure(`${text} names no file in the repository; write git:${rev}:path/to/file.yaml`);
  return {
    revision: rev,
    ...(path === undefined ? {} : { path }),
    ...(slug === undefined ? {} : { slug }),
  };
}

function isPlainPath(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !/[\0\r\n]/.test(path);
}

/** A path of a repository, from its root; undefined where it leaves it. */
export function pathInRepository(prefix: string, path: string): string | undefined {
  const isRelative = /^\.\.?(?:\/|$)/.test(path);
  const whole = posix.normalize(isRelative ? `${prefix}${path}` : path).replace(/\/$/, "");
  return whole === ".." || whole.startsWith("../") || whole.startsWith("/") ? undefined : whole;
}
