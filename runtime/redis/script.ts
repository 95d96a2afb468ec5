/** Lua on the server: by its hash, and by its text where the server does not know it (after a restart or a failover). */
import type { RedisClient } from "./connect.ts";

export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** One of them is made per text; the hash is the server's (SHA-1). */
export async function scriptOf(text: string): Promise<Script> {
  const digest = await globalThis.crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  const sha = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { text, sha };
}

export type ScriptArgument = string | number | Buffer;

/** Answers as buffers where `binary`: sealed values are no text. */
export async function runScript(
  client: RedisClient,
  script: Script,
  keys: readonly string[],
  args: readonly ScriptArgument[],
  binary = false,
): Promise<unknown> {
  try {
    return binary
      ? await client.callBuffer("evalsha", script.sha, keys.length, ...keys, ...args)
      : await client.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return binary
      ? client.callBuffer("eval", script.text, keys.length, ...keys, ...args)
      : client.eval(script.text, keys.length, ...keys, ...args);
  }
}
