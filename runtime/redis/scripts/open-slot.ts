/**
 * The open slot: most of the admissions of a limit that is far from full, each for a GET and an INCRBY. Where the window
 * counts by slots, the second start of a slot opens it to those that follow: all that the limit has room for may be
 * taken from a counter, whoever comes and without a look at the clock, and is dated at the slot's end: late by as much
 * as slots are, never early. The key `o` lives until then by the server's own clock, and says of what the slot is; `c`
 * counts. Whatever is not plain ends it and adds what was taken to the record (`settle`): until somebody waits or hears
 * of a hold, no slot is open.
 *
 * The counter is room * 2^22 + calls, where 2^21 stands for none: one number, so that one command takes a unit, notes
 * that a call runs and how many have ended, and tells whether there was room: below 0 there was none.
 */
export const takenLua: string = `
local unitOfSlot, noCalls = 4194304, 2097152

-- Units that were taken from the room of an open slot, and by how many more or fewer calls run.
local function taken(room, counter)
  if not counter then return room, room end
  local count = tonumber(counter)
  local left = math.floor(count / unitOfSlot)
  return room - left, count - left * unitOfSlot - noCalls
end
`;

/** Answers from an open slot. ARGV[6]: what the counter is to be changed by, or '' where the question is not of that kind. */
export const fromOpenSlotLua: string = `
local change = ARGV[6]
if change ~= '' then
  local open = redis.call('GET', KEYS[5])
  if open then
    if redis.call('INCRBY', KEYS[6], change) >= 0 then return open end
    redis.call('INCRBY', KEYS[6], string.format('%.0f', -tonumber(change)))
  end
end
`;

/** One change of the counter: units are taken, a call runs, others have ended. */
export function slotChange(cost: number, ended: number): string {
  return String(1 - ended - cost * 2 ** 22);
}

/** What a slot was opened for; times in microseconds. */
export interface OpenSlot {
  /** The record's name. */
  readonly born: number;
  /** When what is taken from it is dated: its end. */
  readonly at: number;
  readonly limit: number;
  readonly intervalUs: number;
  readonly burst: number;
}

/** Reads an answer from an open slot; undefined where it is none. */
export function readOpenSlot(answer: unknown): OpenSlot | undefined {
  if (typeof answer !== "string") return undefined;
  const [born, at, limit, intervalUs, burst] = answer.split(" ").map(Number);
  if (born === undefined || at === undefined) return undefined;
  if (limit === undefined || intervalUs === undefined || burst === undefined) return undefined;
  return { born, at, limit, intervalUs, burst };
}
