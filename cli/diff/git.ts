/**
 * What a git repository holds at a revision. Git runs without a shell, only to read objects, and neither a
 * repository's configuration nor the environment makes it run anything else or reach for the network.
 */
import { execFile } from "node:child_process";
import { enoughBytes } from "../../compiler/disk-host.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";

/** An entry of a tree. */
export interface TreeEntry {
  /** From the root of the repository. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link" | "submodule";
  readonly object: string;
}

/** A repository at one commit. */
export interface GitTree {
  /** The folder that was asked about, from the root of the repository: empty, or ending with a slash. */
  readonly prefix: string;
  entry(path: string): Promise<TreeEntry | undefined>;
  /** Every file below a folder; the empty path is the root. */
  filesBelow(path: string): Promise<readonly TreeEntry[]>;
  /** The bytes of a file; a sentence for one that is too large. */
  read(entry: TreeEntry): Promise<Uint8Array | { readonly problem: string }>;
}

/** Opens the repository that holds `folder` at a revision; what is not there ends the command. */
export async function openGitTree(folder: string, revision: string, world: World): Promise<GitTree> {
  const git = (words: readonly string[]): Promise<Buffer> => runGit(words, folder, world);
  const prefix = await git(["rev-parse", "--show-prefix"]).catch((error: unknown) => {
    throw repositoryFailure(error, folder);
  });
  const commit = await git([
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  ]).catch((error: unknown) => {
    if (!(error instanceof GitError)) throw error;
    throw new CommandFailure(
      `the repository has no revision ${revision}; name a branch, a tag or a commit that \`git rev-parse ${revision}\` knows (in CI, fetch it first)`,
    );
  });
  const id = objectId(commit.toString().trim());
  const list = (words: readonly string[]): Promise<readonly TreeEntry[]> =>
    git(["ls-tree", "-z", "--full-tree", ...words]).then(parseTree);
  return {
    prefix: prefix.toString().replace(/\n$/, ""),
    entry: async (path) =>
      path === "" || path === "."
        ? { path: "", kind: "folder", object: id }
        : (await list([id, "--", path])).find((entry) => entry.path === path),
    filesBelow: (path) =>
      path === "" || path === "." ? list(["-r", id]) : list(["-r", id, "--", `${path}/`]),
    read: async ({ object, path }) => {
      const size = Number((await git(["cat-file", "-s", object])).toString());
      // A file of one byte too many is refused by its content's own rule, in its words.
      if (size > enoughBytes) return { problem: `${path} is larger than any descriptor at this revision` };
      return git(["cat-file", "blob", object]);
    },
  };
}

function parseTree(output: Buffer): readonly TreeEntry[] {
  return output
    .toString()
    .split("\0")
    .flatMap((line) => {
      const match = /^(\d{6}) \w+ ([0-9a-f]{40,64})\t(.+)$/s.exec(line);
      if (!match) return [];
      const [, mode = "", object = "", path = ""] = match;
      return [{ path, kind: kindOf(mode), object: objectId(object) }];
    });
}

function kindOf(mode: string): TreeEntry["kind"] {
  if (mode === "040000") return "folder";
  if (mode === "120000") return "link";
  return mode === "160000" ? "submodule" : "file";
}

/** Nothing but an object's name reaches the commands that read. */
function objectId(text: string): string {
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text)) return text;
  throw new CommandFailure("git answered something that names no object; try `git fsck` on the repository");
}

/** Git itself said no; `text` is what it wrote. */
class GitError extends Error {
  readonly text: string;

  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

const timeoutMs = 30_000;

/**
 * Settings of the user stay in force where they say who may read a repository (`safe.directory`); what could start a
 * program or a transport is off.
 */
const settings = [
  ...["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"],
  ...["-c", "core.pager=cat", "-c", "credential.helper=", "--no-pager", "--no-replace-objects"],
];

function runGit(words: readonly string[], folder: string, world: World): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      ["-C", folder, ...settings, ...words],
      {
        encoding: "buffer",
        env: gitEnvironment(world.env),
        maxBuffer: enoughBytes + 1024,
        timeout: timeoutMs,
        killSignal: "SIGKILL",
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else reject(failureOf(error, stderr.toString()));
      },
    );
  });
}

function failureOf(error: Error & { readonly killed?: boolean; code?: unknown }, stderr: string): Error {
  if (error.code === "ENOENT")
    return new CommandFailure(
      "git is not installed, or not on the PATH; install it, or name a file instead of git:REV",
    );
  if (error.killed)
    return new CommandFailure(`git gave no answer within ${timeoutMs / 1000} seconds; try the command again`);
  return new GitError(stderr.trim().split("\n")[0] ?? "");
}

/** The variables that git needs to find itself and the user's settings; none of git's own. */
function gitEnvironment(env: World["env"]): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "XDG_CONFIG_HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP"].flatMap(
    (name) => (env[name] === undefined ? [] : [[name, env[name]] as const]),
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_LITERAL_PATHSPECS: "1",
  };
}

function repositoryFailure(error: unknown, folder: string): unknown {
  if (!(error instanceof GitError)) return error;
  if (error.text.includes("dubious ownership"))
    return new CommandFailure(
      `git does not trust the repository of ${folder}, as it belongs to another user; if you do, run git config --global --add safe.directory with its root`,
    );
  return new CommandFailure(
    `${folder} is in no git repository (${error.text}); name the old file instead of git:REV`,
  );
}
