/** The start of a call, as published on the channel `connectorc:call`. No values, no secrets. */
export interface CallStart {
  readonly phase: "start";
  readonly connector: string;
  readonly operation: string;
  readonly tenant: string;
}

/** The end of a call; `ms` counts everything, waits and credentials included. */
export interface CallEnd {
  readonly phase: "end";
  readonly connector: string;
  readonly operation: string;
  readonly tenant: string;
  readonly ms: number;
  readonly attempts: number;
  readonly status: number | undefined;
  /** The error's code, where it failed. */
  readonly error: string | undefined;
}

export type CallEvent = CallStart | CallEnd;

/** Who hears of calls. */
export interface Telemetry {
  /** False where nobody listens: then nothing is measured. */
  readonly active: boolean;
  emit(event: CallEvent): void;
}

/** A listener that the host passes in, such as one that makes spans. */
export type CallListener = (event: CallEvent) => void;
