import type { LimitObject } from "../ports.ts";
import type { KeySpace } from "./keys.ts";
import { LimitSeat } from "./limit-seat.ts";

/** Seats looked at for idleness at every new one, so that the round overtakes the growth. */
const looksPerSeat = 2;

/** The seats of all limits that this process uses; what is idle is forgotten. */
export class SeatDirectory {
  readonly #keys: KeySpace;
  readonly #seats = new Map<string, LimitSeat>();
  #round: Iterator<[string, LimitSeat]> | undefined;

  constructor(keys: KeySpace) {
    this.#keys = keys;
  }

  /** By the limit's memo, else by its key. */
  seat(limit: LimitObject, now: number): LimitSeat {
    const known = limit.memo;
    if (known instanceof LimitSeat && known.owner === this) return known;
    const keys = this.#keys.limit(limit);
    const name = keys[0] ?? "";
    const seat = this.#seats.get(name) ?? this.#add(name, new LimitSeat(limit, keys, this), now);
    limit.memo = seat;
    return seat;
  }

  all(): readonly LimitSeat[] {
    return [...this.#seats.values()];
  }

  get size(): number {
    return this.#seats.size;
  }

  #add(name: string, seat: LimitSeat, now: number): LimitSeat {
    for (let looked = 0; looked < looksPerSeat; looked++) {
      this.#round ??= this.#seats.entries();
      const next = this.#round.next();
      if (next.done === true) {
        this.#round = undefined;
        break;
      }
      const [key, found] = next.value;
      if (!found.idle(now)) continue;
      found.owner = undefined;
      this.#seats.delete(key);
    }
    this.#seats.set(name, seat);
    return seat;
  }
}
