/** How much a tool says of itself. */
export interface Brevity {
  /** Characters of a description that is taken from the operation, in whole sentences. */
  readonly description: number;
  /** Of each argument's. */
  readonly argument: number;
  /** Of what lies inside an argument. */
  readonly inside: number;
  /** Of an input schema; a larger one is cut where it is deepest. */
  readonly schema: number;
  /** Members of a record that are told of an answer. */
  readonly members: number;
}

/** All that a tool has to say, within what a client takes. */
export const whole: Brevity = { description: 500, argument: 500, inside: 250, schema: 12_288, members: 24 };
const brief: Brevity = { description: 160, argument: 64, inside: 60, schema: 6_144, members: 6 };

/** More tools than anybody writes by hand: they come from a document, and what each says too much is there hundreds of times. */
const few = 40;

/** The brevity of a connector by the number of its tools, whichever of them are served. */
export function brevityOf(tools: number): Brevity {
  return isBrief(tools) ? brief : whole;
}

/** Whether a connector of so many tools is brief. */
export function isBrief(tools: number): boolean {
  return tools > few;
}
