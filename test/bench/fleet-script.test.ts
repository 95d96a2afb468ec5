/** The simulation runs our scripts translated to JavaScript: they answer as on a real server, and the plain path as the whole rule. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileLua, type LuaScript, type LuaValue, Packed } from "../../bench/fleet-sim/lua-script.ts";
import { RedisStore } from "../../bench/fleet-sim/redis-store.ts";
import { admitScript, wholeLua } from "../../runtime/redis/scripts/admit.ts";
import { aliveScript, giveBackScript, hearScript, reportScript } from "../../runtime/redis/scripts/limits.ts";
import { plainLua } from "../../runtime/redis/scripts/plain.ts";
import { recordLua } from "../../runtime/redis/scripts/record.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

interface Rule {
  readonly limit: number;
  readonly intervalUs: number;
  readonly burst: number;
  readonly smooth: boolean;
  readonly most: number;
  readonly closed: boolean;
}

type Step =
  | {
      readonly kind: "admit";
      readonly owner: number;
      readonly limits: number;
      readonly cost: number;
      readonly lease: number;
      readonly ended: number;
    }
  | {
      readonly kind: "giveBack";
      readonly owner: number;
      readonly limits: number;
      readonly units: number;
      readonly back: number;
    }
  | {
      readonly kind: "hear";
      readonly limit: number;
      readonly hold: number;
      readonly remaining: number;
      readonly reset: number;
      readonly owner: number;
      readonly ended: number;
    }
  | { readonly kind: "alive" | "report"; readonly owner: number; readonly limits: number }
  | { readonly kind: "wait"; readonly us: number }
  | { readonly kind: "forget" };

const intervalUs = 1_000_000;
const rules = fc.array(
  fc.record({
    limit: fc.constantFrom(1, 2, 5, 20, 250, 400),
    intervalUs: fc.constant(intervalUs),
    burst: fc.constantFrom(0, 0, 1, 10),
    smooth: fc.constantFrom(false, false, false, true),
    most: fc.constantFrom(0, 0, 0, 2),
    closed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);
const owner = fc.nat(2);
const limits = fc.integer({ min: 1, max: 3 });
const admit = fc.record({
  kind: fc.constant("admit" as const),
  owner,
  limits,
  cost: fc.constantFrom(1, 1, 1, 3),
  lease: fc.constantFrom(0, 0, 5),
  ended: fc.nat(2),
});
const wait = fc.record({
  kind: fc.constant("wait" as const),
  us: fc.constantFrom(0, 1, 700, 9_000, 120_000, intervalUs / 2, intervalUs, 3 * intervalUs),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: admit },
    { weight: 4, arbitrary: wait },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("giveBack" as const),
        owner,
        limits,
        units: fc.nat(2),
        back: fc.constantFrom(-1, 0, 700, 9_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("hear" as const),
        limit: fc.nat(2),
        hold: fc.constantFrom(-1, 5_000, 400_000),
        remaining: fc.constantFrom(-1, 0, 3),
        reset: fc.constantFrom(-1, 50_000),
        owner,
        ended: fc.nat(2),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom("alive" as const, "report" as const), owner, limits }),
    },
  ),
  { minLength: 5, maxLength: 60 },
);

/** One history: the arguments of each script call, made from what the record's name was last said to be. */
class History {
  now = 1_700_000_000_000_000;
  readonly #rules: readonly Rule[];
  readonly #prefix = randomUUID();
  /** The record's name by owner and limit. */
  readonly #born = new Map<string, number>();
  /** What an owner is to tell of a record that is lost, by the same. */
  readonly #debts = new Map<string, number>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** The script's name, its keys and its arguments; undefined where only time passes. */
  ask(
    step: Step,
  ): { readonly script: string; readonly keys: string[]; readonly args: (string | number[])[] } | undefined {
    const time = String(this.now);
    switch (step.kind) {
      case "wait":
        this.now += step.us;
        return undefined;
      case "forget":
        return undefined;
      case "admit":
        return {
          script: "admit",
          keys: this.#keys(step.limits),
          args: [
            time,
            `o${step.owner}`,
            String(step.cost),
            String(step.cost === 1 ? step.lease : 0),
            "7000",
            "",
            ...this.#each(step.limits, (index, rule) => [
              ...rule,
              this.#born.get(`${step.owner} ${index}`) ?? 0,
              this.#debts.get(`${step.owner} ${index}`) ?? -1,
              step.ended,
            ]),
          ],
        };
      case "giveBack":
        return {
          script: "giveBack",
          keys: this.#keys(step.limits),
          args: [
            time,
            `o${step.owner}`,
            String(step.units),
            step.back < 0 ? "-1" : String(this.now - step.back),
            ...this.#each(step.limits, (_, rule) => rule).flatMap((rule) => [rule, "1"]),
          ],
        };
      case "hear": {
        const index = step.limit % this.#rules.length;
        const all = this.#each(this.#rules.length, (_, rule) => rule);
        const word = [step.hold, step.remaining, step.reset].map(String);
        return {
          script: "hear",
          keys: this.#keys(this.#rules.length).slice(6 * index, 6 * index + 6),
          args: [time, all[index] ?? [], ...word, `o${step.owner}`, String(step.ended)],
        };
      }
      case "alive":
        return {
          script: "alive",
          keys: this.#keys(step.limits),
          args: [time, `o${step.owner}`, ...this.#each(step.limits, (_, rule) => rule)],
        };
      case "report":
        return {
          script: "report",
          keys: this.#keys(step.limits),
          args: [time, ...this.#each(step.limits, (_, rule) => rule)],
        };
    }
  }

  heard(step: Step, answer: readonly number[]): void {
    if (step.kind !== "admit") return;
    if (answer[0] === 2) {
      this.#debts.set(`${step.owner} ${(answer[1] ?? 0) - 1}`, 3);
      return;
    }
    for (let index = 0; index < step.limits; index++) this.#debts.delete(`${step.owner} ${index}`);
    for (const [index, born] of answer.slice(4).entries()) this.#born.set(`${step.owner} ${index}`, born);
  }

  #keys(count: number): string[] {
    return this.#each(count, (index) => [index]).flatMap(([index]) =>
      ["m", "w", "r", "q", "o", "c"].map((part) => `${this.#prefix}:${index}:${part}`),
    );
  }

  #each(count: number, make: (index: number, rule: number[]) => number[]): number[][] {
    return this.#rules.slice(0, count).map((rule, index) => {
      const slot = rule.limit + rule.burst <= 256 ? 0 : rule.intervalUs / 128;
      return make(index, [
        rule.limit,
        rule.intervalUs,
        rule.burst,
        rule.smooth ? 1 : 0,
        rule.most,
        slot,
        rule.closed ? 1 : 0,
      ]);
    });
  }
}

type Scripts = Readonly<Record<string, string>>;
const scripts: Scripts = {
  admit: admitScript,
  giveBack: giveBackScript,
  hear: hearScript,
  report: reportScript,
  alive: aliveScript,
};

/** The admission without its short path. */
const wholeScript = `${plainLua.replace("if ARGV[4] == '0' then", "if false then")}${recordLua}${wholeLua}`;

type Compiled = Readonly<Record<string, LuaScript>>;

function compiled(texts: Scripts): Compiled {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, compileLua(text)]));
}

/** Answers in memory, in the history's own time. */
function simulated(compiled: Compiled): (history: History, step: Step) => readonly number[] | undefined {
  let now = 0;
  const store = new RedisStore(() => now);
  return (history, step) => {
    const question = history.ask(step);
    now = history.now;
    if (step.kind === "forget") store.flush();
    if (question === undefined) return undefined;
    const args = question.args.map((argument) =>
      typeof argument === "string" ? argument : new Packed(argument),
    );
    const answer = compiled[question.script]?.(
      store.call,
      [undefined, ...question.keys],
      [undefined, ...args],
    );
    return whole(answer);
  };
}

/** As Redis sends it: numbers without their fractions. */
function whole(answer: LuaValue): readonly number[] {
  const list = Array.isArray(answer) ? answer.slice(1) : [answer];
  return list.map((item) => Math.trunc(Number(item)));
}

describe("scripts of the simulation", () => {
  test("decide plain calls by the short path as by the whole rule", () => {
    expect(wholeScript).not.toBe(admitScript);
    const both = [compiled(scripts), compiled({ ...scripts, admit: wholeScript })] as const;
    fc.assert(
      fc.property(rules, steps, (rules, steps) => {
        const [short, long] = [simulated(both[0]), simulated(both[1])];
        const [mine, theirs] = [new History(rules), new History(rules)];
        for (const step of steps) {
          const [a, b] = [short(mine, step), long(theirs, step)];
          expect(a).toEqual(b);
          if (a === undefined || b === undefined) continue;
          mine.heard(step, a);
          theirs.heard(step, b);
        }
      }),
      { numRuns: 150 },
    );
  });

  describe.skipIf(!hasRedis())("on a real server", () => {
    let server: RedisServer;
    let client: Redis;
    beforeAll(async () => {
      server = await startRedis();
      client = new Redis(server.port);
    });
    afterAll(async () => {
      client.disconnect();
      await server.stop();
    });

    test("answer as in the simulation", async () => {
      const all = compiled(scripts);
      await fc.assert(
        fc.asyncProperty(rules, steps, async (rules, steps) => {
          const translated = simulated(all);
          const history = new History(rules);
          for (const step of steps) {
            const question = history.ask(step);
            const answer = translated(history, step.kind === "wait" ? { kind: "wait", us: 0 } : step);
            if (step.kind === "forget") await client.flushall();
            if (question === undefined || answer === undefined) continue;
            const args = question.args.map((argument) =>
              typeof argument === "string" ? argument : Buffer.from(new Float64Array(argument).buffer),
            );
            const real = await client.eval(
              scripts[question.script] ?? "",
              question.keys.length,
              ...question.keys,
              ...args,
            );
            expect(answer).toEqual([real].flat().map(Number));
            history.heard(step, answer);
          }
        }),
        { numRuns: 25 },
      );
    });
  });
});
