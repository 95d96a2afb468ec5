/** The keychain of the system, asked by its own program: no shell, and the secret only through pipes. */
import { execFile } from "node:child_process";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";

/** One entry of the user's keychain. */
export interface Keychain {
  /** What the entry holds; undefined where there is none, or no keychain. */
  read(): Promise<string | undefined>;
  /** Writes the entry, and reads it back; false where there is no keychain that takes it. */
  write(text: string): Promise<boolean>;
}

const service = "connectorc";
const account = "secrets-key";
/** A keychain may ask the user to unlock it. */
const limitMs = 120_000;

/** macOS has `security`; systems with a Secret Service have `secret-tool`; others have none that is asked. */
export function keychainOf(env: World["env"], platform: NodeJS.Platform = process.platform): Keychain {
  const run = (program: string, args: readonly string[], input?: string): Promise<Ended> =>
    runProgram(program, args, env, input);
  if (platform === "darwin") return verified(macKeychain(run));
  if (platform === "win32") return { read: async () => undefined, write: async () => false };
  return verified(secretService(run));
}

interface Ended {
  readonly ok: boolean;
  readonly stdout: string;
}

type Run = (program: string, args: readonly string[], input?: string) => Promise<Ended>;

function macKeychain(run: Run): Keychain {
  return {
    read: async () => {
      const { ok, stdout } = await run("security", [
        "find-generic-password",
        "-s",
        service,
        "-a",
        account,
        "-w",
      ]);
      return ok ? textOf(stdout) : undefined;
    },
    // Its interactive mode takes the command from standard input, so that no list of processes shows the key.
    write: async (text) =>
      (
        await run(
          "security",
          ["-i"],
          `add-generic-password -U -s ${service} -a ${account} -w "${plain(text)}"\n`,
        )
      ).ok,
  };
}

function secretService(run: Run): Keychain {
  const attributes = ["service", service, "account", account];
  return {
    read: async () => {
      const { ok, stdout } = await run("secret-tool", ["lookup", ...attributes]);
      return ok ? textOf(stdout) : undefined;
    },
    write: async (text) =>
      (
        await run(
          "secret-tool",
          ["store", "--label", "connectorc: key of logins", ...attributes],
          plain(text),
        )
      ).ok,
  };
}

/** What was written must be there: a program may answer that all is well and have stored nothing. */
function verified({ read, write }: Keychain): Keychain {
  return { read, write: async (text) => (await write(text)) && (await read()) === text };
}

function textOf(stdout: string): string | undefined {
  const text = stdout.trim();
  return text === "" ? undefined : text;
}

/** Keys are base64 with commas between: nothing that a command line of `security` could read otherwise. */
function plain(text: string): string {
  if (!/^[A-Za-z0-9+/=,]+$/.test(text)) throw new CommandFailure("a key in the keychain is base64 alone");
  return text;
}

function runProgram(
  program: string,
  args: readonly string[],
  env: World["env"],
  input: string | undefined,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...args],
      { env: { ...env }, timeout: limitMs, windowsHide: true },
      (error, stdout) => resolve({ ok: error === null, stdout }),
    );
    // A program that is not there, or does not read, is told by its end.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}
