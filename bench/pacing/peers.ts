/** Other limiters, each behind the same two questions: what a decision costs, and how many start in a window. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const packages = ["bottleneck@2", "limiter@4", "p-throttle@8", "rate-limiter-flexible@11"];

/** What a peer is measured by. `allow` decides at once or answers a promise; `start` resolves when a request may start. */
export interface PacingPeer {
  readonly name: string;
  /** Makes deciders of 1,000,000,000 a minute, so that there is always room. */
  decider(keys: number): (key: number) => unknown;
  /** Makes a pacer of so many a second. */
  pacer(perSecond: number): { start(): Promise<unknown> };
}

/** Installs the peers into a folder, without their install scripts; nothing where they are there already. */
export function installPacingPeers(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(folder, "node_modules", "bottleneck"))) return;
  writeFileSync(join(folder, "package.json"), "{}");
  const flags = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  execFileSync("npm", ["install", ...flags, ...packages], { stdio: "inherit" });
}

const plenty = 1e9;

/** Loads the peers of a folder. Their types are their own affair: they are met as what they are documented to be. */
export async function pacingPeers(folder: string): Promise<readonly PacingPeer[]> {
  const require = createRequire(join(folder, "package.json"));
  const load = async (name: string): Promise<Record<string, unknown>> => {
    // p-throttle has no entry for require: its file is named.
    const file =
      name === "p-throttle" ? join(folder, "node_modules/p-throttle/index.js") : require.resolve(name);
    return import(pathToFileURL(file).href);
  };
  return [
    flexible(await load("rate-limiter-flexible")),
    limiter(await load("limiter")),
    throttle(await load("p-throttle")),
    bottleneck(await load("bottleneck")),
  ];
}

interface Flexible {
  consume(key: string, points?: number): Promise<unknown>;
}

function flexible(module: Record<string, unknown>): PacingPeer {
  const Memory = made<Flexible>(module.RateLimiterMemory);
  return {
    name: "rate-limiter-flexible (memory)",
    decider: (keys) => {
      const one = new Memory({ points: plenty, duration: 60 });
      const names = Array.from({ length: keys }, (_, key) => `user-${key}`);
      return (key) => one.consume(names[key] ?? "");
    },
    pacer: (perSecond) => {
      const one = new Memory({ points: perSecond, duration: 1 });
      const start = async (): Promise<void> => {
        for (;;) {
          const refusal: unknown = await one.consume("key").then(
            () => undefined,
            (answer: unknown) => answer,
          );
          if (refusal === undefined) return;
          await pause(waitOf(refusal));
        }
      };
      return { start };
    },
  };
}

function waitOf(refusal: unknown): number {
  const ms =
    typeof refusal === "object" && refusal !== null && "msBeforeNext" in refusal ? refusal.msBeforeNext : 0;
  return typeof ms === "number" ? Math.max(1, ms) : 1;
}

interface Limiter {
  removeTokens(count: number): Promise<number>;
  tryRemoveTokens(count: number): boolean;
}

function limiter(module: Record<string, unknown>): PacingPeer {
  const RateLimiter = made<Limiter>(module.RateLimiter);
  return {
    name: "limiter",
    decider: (keys) => {
      const all = Array.from(
        { length: keys },
        () => new RateLimiter({ tokensPerInterval: plenty, interval: "minute" }),
      );
      return (key) => all[key]?.tryRemoveTokens(1);
    },
    pacer: (perSecond) => {
      const one = new RateLimiter({ tokensPerInterval: perSecond, interval: "second" });
      return { start: () => one.removeTokens(1) };
    },
  };
}

type Throttle = (options: object) => <T>(work: () => T) => () => Promise<T>;

function throttle(module: Record<string, unknown>): PacingPeer {
  // Documented as a function; its first use would tell.
  const pThrottle = module.default as Throttle;
  return {
    name: "p-throttle",
    decider: (keys) => {
      const all = Array.from({ length: keys }, () => pThrottle({ limit: plenty, interval: 60_000 })(() => 0));
      return (key) => all[key]?.();
    },
    pacer: (perSecond) => ({ start: pThrottle({ limit: perSecond, interval: 1000 })(() => 0) }),
  };
}

interface Bottleneck {
  schedule<T>(work: () => Promise<T>): Promise<T>;
}

function bottleneck(module: Record<string, unknown>): PacingPeer {
  const Bottle = made<Bottleneck>(module.default);
  return {
    name: "bottleneck",
    decider: (keys) => {
      const all = Array.from({ length: keys }, () => new Bottle({}));
      return (key) => all[key]?.schedule(() => Promise.resolve());
    },
    pacer: (perSecond) => {
      const one = new Bottle({
        reservoir: perSecond,
        reservoirRefreshAmount: perSecond,
        reservoirRefreshInterval: 1000,
      });
      return { start: () => one.schedule(() => Promise.resolve()) };
    },
  };
}

function made<T>(value: unknown): new (options: object) => T {
  if (typeof value !== "function") throw new Error("A peer has another shape than its documentation says.");
  // What it makes is as its documentation says.
  return value as new (
    options: object,
  ) => T;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
