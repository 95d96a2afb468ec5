/** The command line and a service in a process of its own share one file of logins. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { irOf } from "../support/line.ts";
import { canary, type Desk, desk as descriptor, startDesk } from "./auth-support.ts";

// The command runs in a folder of its own, from which the loader is not found by its name.
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = fileURLToPath(new URL("../../cli/bin.ts", import.meta.url));
const service = fileURLToPath(new URL("../support/login-service.mts", import.meta.url));
const key = ["--connection", "desk.connection.yaml", "--key-file", "key"];

function start(desk: Desk, argv: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ["--import", tsx, ...argv], {
    cwd: desk.cwd,
    env: { PATH: process.env.PATH, HOME: desk.cwd, CONNECTOR_STORE: desk.env.CONNECTOR_STORE },
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Runs a command to its end, and goes to the address that it shows. */
async function command(desk: Desk, argv: readonly string[]): Promise<string> {
  const child = start(desk, [program, ...argv]);
  let out = "";
  let told = "";
  let visited: Promise<unknown> | undefined;
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    told += chunk.toString();
    const [address] = /http:\S+\/authorize\S+(?=\n)/.exec(told) ?? [];
    if (address) visited ??= fetch(address).then((page) => page.text());
  });
  const [code] = await once(child, "close");
  await visited;
  expect({ code, told: code === 0 ? "" : told }).toEqual({ code: 0, told: "" });
  return out;
}

async function serve(desk: Desk): Promise<{ call(): Promise<unknown>; end(): Promise<unknown> }> {
  const given = {
    ir: await irOf(descriptor),
    origin: desk.server.origin,
    store: join(desk.cwd, desk.env.CONNECTOR_STORE ?? ""),
    keyFile: join(desk.cwd, "key"),
    credentials: { client_id: "ada", client_secret: canary.secret },
  };
  const child = start(desk, [service, JSON.stringify(given)]);
  child.stderr?.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  return {
    call: async () => {
      child.stdin?.write("me\n");
      const { value, done } = await lines.next();
      return done ? "the service ended" : JSON.parse(value);
    },
    end: async () => {
      child.stdin?.end();
      const [code] = await once(child, "close");
      return code;
    },
  };
}

async function shared(life: number): Promise<Desk> {
  const desk = await startDesk({ life });
  await writeFile(join(desk.cwd, "key"), randomBytes(32).toString("base64"), { mode: 0o600 });
  await command(desk, ["auth", "login", "desk.yaml", ...key, "--yes", "--no-browser"]);
  return desk;
}

it("a service calls under the login that the command line has made, and asks for no other token", async () => {
  const desk = await shared(1_000);
  const running = await serve(desk);
  expect(await running.call()).toEqual({ name: "Ada" });
  expect(JSON.parse(await command(desk, ["call", "desk.yaml", "me", ...key]))).toEqual({ name: "Ada" });
  expect(desk.spent).toEqual([null]);
  expect(await running.end()).toBe(0);
});

it("each takes over what the other has renewed: no refresh token is spent twice", async () => {
  const desk = await shared(0.001);
  const running = await serve(desk);
  for (let turn = 0; turn < 2; turn++) {
    expect(await running.call()).toEqual({ name: "Ada" });
    expect(JSON.parse(await command(desk, ["call", "desk.yaml", "me", ...key]))).toEqual({ name: "Ada" });
  }
  expect(await running.call()).toEqual({ name: "Ada" });
  expect(desk.spent).toEqual([null, 1, 2, 3, 4, 5].map((n) => n && `${canary.refresh}-${n}`));
  expect(await running.end()).toBe(0);
});
