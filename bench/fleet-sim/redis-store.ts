/** The commands of Redis that our scripts use, over a memory of our own and a clock that is given. */
import { type LuaValue, Packed, type RedisCall } from "./lua-script.ts";
import { ScoreSet } from "./score-set.ts";

type Value = string | Packed | ScoreSet | LuaValue[] | Map<string, LuaValue>;

interface Entry {
  value: Value;
  /** Microseconds; Infinity where the key has no end. */
  ends: number;
}

export class RedisStore {
  /** Microseconds. */
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  /** Commands that scripts have called. */
  calls = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly call: RedisCall = (command, ...args) => {
    this.calls++;
    const run = commands[command];
    if (run === undefined) throw new TypeError(`a command that is not simulated: ${command}`);
    return run(this, args);
  };

  flush(): void {
    this.#entries.clear();
  }

  now(): number {
    return this.#now();
  }

  /** Keys that have not ended, with what they hold. */
  *living(): Iterable<readonly [string, Value, boolean]> {
    for (const [key, { value, ends }] of this.#entries)
      if (ends > this.#now()) yield [key, value, ends < Number.POSITIVE_INFINITY];
  }

  get(key: LuaValue): Value | undefined {
    return this.entry(key)?.value;
  }

  entry(key: LuaValue): Entry | undefined {
    const name = String(key);
    const found = this.#entries.get(name);
    if (found === undefined) return undefined;
    if (found.ends > this.#now()) return found;
    this.#entries.delete(name);
    return undefined;
  }

  put(key: LuaValue, value: Value, ends: number = Number.POSITIVE_INFINITY): void {
    this.#entries.set(String(key), { value, ends });
  }

  delete(key: LuaValue): void {
    this.#entries.delete(String(key));
  }

  list(key: LuaValue): LuaValue[] {
    const value = this.get(key);
    return Array.isArray(value) ? value : [];
  }

  hash(key: LuaValue): Map<string, LuaValue> {
    const value = this.get(key);
    return value instanceof Map ? value : new Map();
  }

  scores(key: LuaValue): ScoreSet {
    const value = this.get(key);
    return value instanceof ScoreSet ? value : new ScoreSet();
  }
}

type Command = (store: RedisStore, args: readonly LuaValue[]) => LuaValue;

const commands: Readonly<Record<string, Command>> = {
  TIME: (store) => {
    const now = Math.floor(store.now());
    return [undefined, String(Math.floor(now / 1e6)), String(now % 1e6)];
  },
  GET: (store, [key]) => textOf(store.get(key)),
  MGET: (store, keys) => [undefined, ...keys.map((key) => textOf(store.get(key)))],
  SET: (store, [key, value, option, life]) => {
    if (option !== "PX" || !(value instanceof Packed || typeof value === "string"))
      throw new TypeError("SET key value PX life");
    store.put(key, value, store.now() + Number(life) * 1_000);
    return "OK";
  },
  INCRBY: (store, [key, change]) => {
    const entry = store.entry(key);
    const sum = Number(entry?.value ?? 0) + Number(change);
    if (entry === undefined) store.put(key, String(sum));
    else entry.value = String(sum);
    return sum;
  },
  DEL: (store, keys) => {
    const there = keys.filter((key) => store.entry(key) !== undefined);
    for (const key of there) store.delete(key);
    return there.length;
  },
  SETRANGE: (store, [key, offset, value]) => {
    const old = store.entry(key);
    if (offset !== 0 || !(value instanceof Packed) || !(old?.value instanceof Packed))
      throw new TypeError("SETRANGE of packed doubles from their start");
    const { numbers } = old.value;
    const rest = numbers.slice(value.numbers.length);
    old.value = rest.length > 0 ? new Packed([...value.numbers, ...rest]) : value;
    return 8 * old.value.numbers.length;
  },
  PEXPIRE: (store, [key, life]) => {
    const entry = store.entry(key);
    if (entry === undefined) return 0;
    entry.ends = store.now() + Number(life) * 1_000;
    return 1;
  },
  RPUSH: (store, [key, value]) => {
    const list = store.list(key);
    if (list.push(value) === 1) store.put(key, list);
    return list.length;
  },
  LPOP: (store, [key]) => {
    const list = store.list(key);
    const first = list.shift();
    if (list.length === 0) store.delete(key);
    return first ?? false;
  },
  LRANGE: (store, [key, from, to]) => {
    const end = Number(to);
    return [undefined, ...store.list(key).slice(Number(from), end < 0 ? undefined : end + 1)];
  },
  LSET: (store, [key, index, value]) => {
    store.list(key)[Number(index)] = value;
    return "OK";
  },
  HGET: (store, [key, field]) => store.hash(key).get(String(field)) ?? false,
  HGETALL: (store, [key]) => [undefined, ...[...store.hash(key)].flat()],
  HSET: (store, [key, field, value]) => {
    const hash = store.hash(key);
    if (hash.size === 0) store.put(key, hash);
    hash.set(String(field), value);
    return 1;
  },
  HDEL: (store, [key, field]) => {
    const hash = store.hash(key);
    const had = hash.delete(String(field));
    if (hash.size === 0) store.delete(key);
    return had ? 1 : 0;
  },
  ZADD: (store, [key, score, member]) => {
    const scores = store.scores(key);
    if (scores.size === 0) store.put(key, scores);
    scores.set(String(member), Number(score));
    return 1;
  },
  ZSCORE: (store, [key, member]) => {
    const score = store.scores(key).get(String(member));
    return score === undefined ? false : String(score);
  },
  ZCARD: (store, [key]) => store.scores(key).size,
  ZCOUNT: (store, [key, from, to]) => {
    const scores = store.scores(key);
    return Math.max(0, scores.countUntil(to) - scores.countBefore(from));
  },
  ZREM: (store, [key, member]) => {
    const scores = store.scores(key);
    const had = scores.delete(String(member));
    if (scores.size === 0) store.delete(key);
    return had ? 1 : 0;
  },
  ZREMRANGEBYSCORE: (store, [key, from, to]) => {
    if (from !== "-inf") throw new TypeError("ZREMRANGEBYSCORE from the start");
    const scores = store.scores(key);
    const gone = scores.dropUntil(to);
    if (scores.size === 0) store.delete(key);
    return gone;
  },
};

function textOf(value: Value | undefined): LuaValue {
  if (value === undefined) return false;
  if (typeof value === "string" || value instanceof Packed) return value;
  throw new TypeError("WRONGTYPE");
}
