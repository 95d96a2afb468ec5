import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Desk, startDesk } from "./auth-support.ts";
import type { Ran } from "./support.ts";

const connection = ["--connection", "desk.connection.yaml"];
const hex = "0123456789abcdef".repeat(4);

/** The environment without a key, and with programs of the test's own before those of the system. */
async function withPrograms(
  desk: Desk,
  programs: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const bin = join(desk.cwd, "bin");
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const { CONNECTOR_SECRETS_KEY: _, ...env } = desk.env;
  return { ...env, PATH: `${bin}:/usr/bin:/bin`, TEST_FOLDER: desk.cwd };
}

/** A Secret Service as its own program shows it: the secret comes in and goes out by pipes alone. */
const secretTool = `echo "$@" >> "$TEST_FOLDER/asked"
case "$1" in
  store) cat > "$TEST_FOLDER/keychain" ;;
  lookup) cat "$TEST_FOLDER/keychain" 2>/dev/null || exit 1 ;;
esac`;

const call = (desk: Desk, env: Record<string, string>, ...more: string[]): Promise<Ran> =>
  desk.run(["call", "desk.yaml", "me", ...connection, ...more], { env });

describe.runIf(process.platform === "linux")("the key of logins", () => {
  it("is made once, in the keychain, and never stands in a command line", async () => {
    const desk = await startDesk();
    const env = await withPrograms(desk, { "secret-tool": secretTool });
    expect(await desk.login(undefined, { env })).toMatchObject({ code: 0 });
    expect(await call(desk, env)).toMatchObject({ code: 0, stderr: "" });
    const key = await readFile(join(desk.cwd, "keychain"), "utf8");
    expect(Buffer.from(key, "base64").length).toBe(32);
    expect(await readFile(join(desk.cwd, "asked"), "utf8")).not.toContain(key);
    expect(await desk.login(undefined, { env })).toMatchObject({ code: 0 });
    expect(await readFile(join(desk.cwd, "keychain"), "utf8")).toBe(key);
  });

  it("of the keychain is changed by rotate, and the login is found again", async () => {
    const desk = await startDesk();
    const env = await withPrograms(desk, { "secret-tool": secretTool });
    await desk.login(undefined, { env });
    const before = await readFile(join(desk.cwd, "keychain"), "utf8");
    expect(await desk.run(["auth", "rotate"], { env })).toEqual({
      code: 0,
      stdout: "Sealed anew: 1 record. Keys of before are not needed any more.\n",
      stderr: "",
    });
    const after = await readFile(join(desk.cwd, "keychain"), "utf8");
    expect(Buffer.from(after, "base64").length).toBe(32);
    expect(after).not.toBe(before);
    expect(await call(desk, env)).toMatchObject({ code: 0, stderr: "" });
  });

  it("is asked for where there is no keychain, and where it was lost", async () => {
    const desk = await startDesk();
    const env = await withPrograms(desk, { "secret-tool": "exit 1" });
    const login = await desk.login(undefined, { env });
    expect(login).toMatchObject({ code: 2, stdout: "" });
    expect(login.stderr).toContain("set CONNECTOR_SECRETS_KEY to at least 32 random bytes");
    expect(desk.server.requests).toEqual([]);
    await desk.login();
    const lost = await call(desk, env);
    expect(lost).toMatchObject({ code: 2, stdout: "" });
    expect(lost.stderr).toContain("their key is neither given nor in a keychain");
  });

  it("is changed in the environment by rotate, with the one before beside it", async () => {
    const desk = await startDesk();
    await desk.login();
    const { CONNECTOR_SECRETS_KEY: old, ...rest } = desk.env;
    const next = { ...rest, CONNECTOR_SECRETS_KEY: hex };
    const wrong = await call(desk, next);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("was sealed with another key");
    expect(wrong.stderr).toContain("CONNECTOR_SECRETS_KEYS_PREVIOUS");
    const both = { ...next, CONNECTOR_SECRETS_KEYS_PREVIOUS: old ?? "" };
    expect(await call(desk, both)).toMatchObject({ code: 0, stderr: "" });
    expect(await desk.run(["auth", "rotate"], { env: both })).toMatchObject({ code: 0 });
    expect(await call(desk, next)).toMatchObject({ code: 0, stderr: "" });
  });

  it("may lie in a file of one's own", async () => {
    const desk = await startDesk();
    const { CONNECTOR_SECRETS_KEY: _, ...env } = desk.env;
    const path = join(desk.cwd, "key");
    await writeFile(path, `${hex}\n`, { mode: 0o600 });
    const file = ["--key-file", "key"];
    expect(await desk.login(["--yes", "--no-browser", ...file], { env })).toMatchObject({ code: 0 });
    expect(await call(desk, env, ...file)).toMatchObject({ code: 0, stderr: "" });
    await chmod(path, 0o644);
    const shared = await call(desk, env, ...file);
    expect(shared).toMatchObject({ code: 2, stdout: "" });
    expect(shared.stderr).toContain("run `chmod 600 key`");
  });

  it.each([
    ["c2hvcnQ=", "CONNECTOR_SECRETS_KEY holds a key of 5 bytes, less than 32"],
    ["not a key!", "CONNECTOR_SECRETS_KEY holds no key in base64 or hex"],
  ])("that is %j is refused without being shown", async (key, sentence) => {
    const desk = await startDesk();
    const login = await desk.login(undefined, { env: { ...desk.env, CONNECTOR_SECRETS_KEY: key } });
    expect(login).toMatchObject({ code: 2, stdout: "" });
    expect(login.stderr).toContain(sentence);
    expect(login.stderr).not.toContain(key);
  });
});

describe.runIf(process.platform === "linux")("the browser", () => {
  it("is given the address as one argument", async () => {
    const desk = await startDesk();
    const env = await withPrograms(desk, { "xdg-open": 'echo "$#" "$1" > "$TEST_FOLDER/opened"' });
    const login = await desk.login(["--yes"], { env: { ...env, CONNECTOR_SECRETS_KEY: hex } });
    expect(login.code).toBe(0);
    expect(login.stderr).toContain("Your browser opens this address; if it does not, go there yourself:");
    const [address] = /http:\S+\/authorize\S+/.exec(login.stderr) ?? [];
    await expect
      .poll(() => readFile(join(desk.cwd, "opened"), "utf8").catch(() => ""))
      .toBe(`1 ${address}\n`);
  });

  it("that is not there is no hindrance", async () => {
    const desk = await startDesk();
    const env = { ...desk.env, PATH: join(desk.cwd, "nothing") };
    const login = await desk.login(["--yes"], { env });
    expect(login.code).toBe(0);
    expect(login.stderr).toContain("Go to this address:");
  });
});

describe("stored logins", () => {
  it("that others may read are refused with what to do", async () => {
    const desk = await startDesk();
    await desk.login();
    const path = join(desk.cwd, "store/secrets.json");
    await chmod(path, 0o640);
    const ran = await call(desk, desk.env);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(`Run \`chmod 600 ${path}\``);
  });

  it("that are damaged are refused, and left as they are", async () => {
    const desk = await startDesk();
    await desk.login();
    const path = join(desk.cwd, "store/secrets.json");
    await writeFile(path, "half a fi");
    for (const argv of [
      ["call", "desk.yaml", "me", ...connection],
      ["auth", "rotate"],
    ]) {
      const ran = await desk.run(argv);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toContain("is damaged or cut off");
    }
    expect(await readFile(path, "utf8")).toBe("half a fi");
  });

  it("are not looked for where a profile needs none", async () => {
    const desk = await startDesk();
    await desk.login();
    await writeFile(join(desk.cwd, "store/secrets.json"), "half a fi");
    expect(
      await desk.run(["check", "desk.yaml", "--connection", "key.connection.yaml"], {
        env: { CONNECTOR_STORE: "store/secrets.json" },
      }),
    ).toMatchObject({ code: 0, stderr: "" });
  });

  it("keep a refresh token that was given, once there is a key", async () => {
    const desk = await startDesk({ life: 0.001 });
    await desk.login();
    const path = join(desk.cwd, "desk.connection.yaml");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("client_id: ada", "client_id: ada, refresh_token: canary-refresh-1"));
    const env = { ...desk.env, CONNECTOR_STORE: "another/secrets.json" };
    for (let count = 0; count < 2; count++)
      expect(await call(desk, env)).toMatchObject({ code: 0, stderr: "" });
    expect(desk.spent).toEqual([null, "canary-refresh-1", "canary-refresh-2"]);
  });
});

describe("connector auth", () => {
  it("says what is missing without a verb, and knows no other", async () => {
    const desk = await startDesk();
    for (const argv of [["auth"], ["auth", "logni", "desk.yaml"], ["auth", "login"]]) {
      const ran = await desk.run(argv);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).not.toBe("");
    }
  });

  it.each(["login", "status", "logout", "rotate"])(
    "shows help with an example and the exit codes for %s",
    async (verb) => {
      const desk = await startDesk();
      const ran = await desk.run(["auth", verb, "--help"]);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(ran.stdout).toContain(`connector auth ${verb}`);
      expect(ran.stdout).toContain("Exit codes:");
    },
  );

  it("has nothing to rotate before the first login", async () => {
    const desk = await startDesk();
    const ran = await desk.run(["auth", "rotate"]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("there are no logins yet");
  });
});
