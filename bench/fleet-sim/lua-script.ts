/**
 * Runs the Lua text of our Redis scripts as JavaScript: what is simulated is the script itself and no copy of its rule.
 * Only the part of Lua that the scripts use is translated, and anything else is an error; a test holds the answers of
 * the translation against those of a real server.
 *
 * Lists are arrays whose place 0 is free, other tables are objects, nil is undefined. What `struct.pack` makes is a
 * `Packed`: the doubles themselves in place of their bytes.
 */
import luaparse from "luaparse";
import { type LuaNode, translateLua } from "./lua-translate.ts";

/** Packed doubles, as `<ddd` and the like make them. */
export class Packed {
  readonly numbers: readonly number[];
  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }
}

export type LuaValue = string | number | boolean | undefined | Packed | readonly LuaValue[];

/** `redis.call`. */
export type RedisCall = (command: string, ...args: readonly LuaValue[]) => LuaValue;

/** Keys and arguments are lists in Lua's way: place 0 is free. */
export type LuaScript = (call: RedisCall, keys: readonly LuaValue[], args: readonly LuaValue[]) => LuaValue;

export function compileLua(text: string): LuaScript {
  const chunk = luaparse.parse(text, { luaVersion: "5.1", comments: false }) as unknown as LuaNode;
  const make = new Function("lua", translateLua(chunk)) as (library: typeof library_) => LuaScript;
  return make(library_);
}

const library_ = {
  /** Lua turns texts into numbers where it calculates. */
  num: (value: unknown): number => (typeof value === "number" ? value : Number(value)),
  truthy: (value: unknown): boolean => value !== undefined && value !== false,
  tonumber: (value: unknown): number | undefined => {
    const number = typeof value === "number" ? value : Number(value);
    return Number.isNaN(number) ? undefined : number;
  },
  format: (pattern: string, ...values: readonly number[]): string => {
    const parts = pattern.split("%.0f");
    if (parts.length !== values.length + 1 || parts.some((part) => part.includes("%")))
      throw new TypeError(`string.format of ${pattern}`);
    return parts.reduce((text, part, index) => text + toWhole(values[index - 1] ?? 0) + part);
  },
  pack: (_pattern: string, ...numbers: readonly number[]): Packed => new Packed(numbers.map(Number)),
  unpack: (pattern: string, packed: Packed, from = 1): readonly number[] => {
    const first = (from - 1) / 8;
    const count = pattern.length - 1;
    if (packed.numbers.length < first + count) throw new RangeError("data string too short");
    return first === 0 && packed.numbers.length === count
      ? packed.numbers
      : packed.numbers.slice(first, first + count);
  },
};

/** As C prints `%.0f`: halves go to the even neighbour. */
function toWhole(value: number): string {
  const floor = Math.floor(value);
  const rest = value - floor;
  const whole = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return Math.abs(whole) < 1e21 ? whole.toFixed(0) : BigInt(whole).toString();
}
