import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { canary, type Desk, startDesk } from "./auth-support.ts";

const program = join(import.meta.dirname, "../../dist/cli/connector.cjs");
const login = ["auth", "login", "desk.yaml", "--connection", "desk.connection.yaml", "--no-browser"];

/** The packaged command on a terminal of its own, typed to. */
interface Terminal {
  /** Waits until this stands on the screen, and answers the whole of it. */
  shows(pattern: RegExp): Promise<string>;
  type(keys: string): void;
  /** The exit code, as a shell would have it. */
  readonly ended: Promise<number>;
  readonly screen: () => string;
}

/** `script` of util-linux gives a command a terminal, and hands on what it is piped. */
function terminal(desk: Desk, argv: readonly string[]): Terminal {
  const line = [process.execPath, program, ...argv].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qfec", line, "/dev/null"], {
    cwd: desk.cwd,
    env: { ...desk.env, PATH: process.env.PATH, TERM: "xterm", HOME: desk.cwd },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  const changed = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    for (const look of changed) look();
  });
  const ended = new Promise<number>((resolve) =>
    child.once("close", (code) => {
      resolve(code ?? -1);
      for (const look of changed) look();
    }),
  );
  return {
    ended,
    screen: () => shown,
    type: (keys) => void child.stdin.write(keys),
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(shown)) resolve(shown);
          else if (child.exitCode !== null) reject(new Error(`ended without ${pattern}:\n${shown}`));
          else return;
          changed.delete(look);
        };
        changed.add(look);
        look();
      }),
  };
}

const address = /http:\S+\/authorize\S+/;

describe.runIf(process.platform === "linux" && existsSync("/usr/bin/script"))("a login at a terminal", () => {
  it("asks, waits for the browser and signs in", async () => {
    const desk = await startDesk();
    const screen = terminal(desk, login);
    await screen.shows(/Is that right\? \[y\/N\] /);
    expect(desk.server.requests).toEqual([]);
    screen.type("y\r");
    const shown = await screen.shows(address);
    expect(await (await fetch(address.exec(shown)?.[0] ?? "")).text()).toContain("Signed in");
    expect(await screen.ended).toBe(0);
    expect(screen.screen()).toContain("Signed in to desk with profile oauth; the login renews itself.");
    for (const secret of Object.values(canary)) expect(screen.screen()).not.toContain(secret);

    const status = terminal(desk, ["auth", "status", "desk.yaml", "--connection", "desk.connection.yaml"]);
    expect(await status.ended).toBe(0);
    expect(status.screen()).toContain("oauth (oauth2_authorization_code): signed in");
  });

  it.each([
    ["no", "n\r", 1, "not approved; nothing was sent"],
    ["nothing", "\r", 1, "not approved; nothing was sent"],
    ["the end of input", "\u0004", 2, "add --yes if they are right. Nothing was sent"],
    ["an interrupt", "\u0003", 130, ""],
  ])("sends nothing after %s", async (_, keys, code, sentence) => {
    const desk = await startDesk();
    const screen = terminal(desk, login);
    await screen.shows(/\[y\/N\] /);
    screen.type(keys);
    expect(await screen.ended).toBe(code);
    expect(screen.screen()).toContain(sentence);
    expect(desk.server.requests).toEqual([]);
  });

  it("ends at an interrupt while it waits for the browser", async () => {
    const desk = await startDesk();
    const screen = terminal(desk, [...login, "--yes"]);
    await screen.shows(address);
    screen.type("\u0003");
    expect(await screen.ended).toBe(130);
  });

  it("does not show the address that is pasted, and its code", async () => {
    const desk = await startDesk();
    const screen = terminal(desk, [...login, "--yes", "--redirect-uri", "https://app.example.com/back"]);
    const shown = await screen.shows(/Paste the whole address/);
    const state = new URL(address.exec(shown)?.[0] ?? "").searchParams.get("state") ?? "";
    screen.type(`https://app.example.com/back?code=${canary.code}&state=${state}\r`);
    expect(await screen.ended).toBe(0);
    const typed = screen.screen().slice(shown.length);
    expect(typed).not.toContain(canary.code);
    expect(typed).not.toContain(state);
    expect(typed).toContain("Signed in to desk");
  });

  it("ends at an interrupt while it waits for the address", async () => {
    const desk = await startDesk();
    const screen = terminal(desk, [...login, "--yes", "--redirect-uri", "https://app.example.com/back"]);
    await screen.shows(/Paste the whole address/);
    screen.type("https://app.example.com/back?code=half\u0003");
    expect(await screen.ended).toBe(130);
    expect(desk.server.times("/token")).toBe(0);
  });

  it("says which port is taken, and sends nothing", async () => {
    const desk = await startDesk();
    const screen = terminal(desk, [...login, "--yes", "--port", `${desk.server.port}`]);
    expect(await screen.ended).toBe(2);
    expect(screen.screen()).toContain(`port ${desk.server.port} is in use; end the program that has it`);
    expect(desk.server.requests).toEqual([]);
  });
});
