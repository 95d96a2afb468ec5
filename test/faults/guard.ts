/** A guard of a promise: the change that switches it off, and the tests that must notice. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Text of the source, found once; what stands in its place in the copy. */
  readonly from: string;
  readonly to: string;
  readonly test: string;
  /** Names of tests, as a pattern. */
  readonly only: string;
}
