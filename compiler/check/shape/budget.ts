/** The work that a question, or all of a descriptor's, may take: schemas may be wide, recursive, or made to be so. */
export class Budget {
  #left: number;
  readonly #of: Budget | undefined;

  /** A part of another budget spends that as well. */
  constructor(units: number, of?: Budget) {
    this.#left = units;
    this.#of = of;
  }

  /** False once the budget is spent. */
  take(units = 1): boolean {
    if (this.#left < units || this.#of?.take(units) === false) return false;
    this.#left -= units;
    return true;
  }
}
