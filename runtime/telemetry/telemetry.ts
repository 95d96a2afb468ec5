import type { CircuitReport } from "../retry/circuit.ts";
import type { CallTrace } from "./call-trace.ts";
import type { StageTimes } from "./stage-clock.ts";

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
  /** Of which in each stage, milliseconds. */
  readonly stages: StageTimes;
  readonly attempts: number;
  readonly status: number | undefined;
  /** The error's code, where it failed. */
  readonly error: string | undefined;
}

export type CallEvent = CallStart | CallEnd;

/** One request that ended, as published on the channel `connectorc:attempt`; of an operation or of a step that gives a token. */
export interface AttemptEvent {
  readonly connector: string;
  /** The exchange's id: `operation:list_issues`, `step:token`. */
  readonly exchange: string;
  readonly tenant: string;
  readonly method: string;
  readonly origin: string;
  /** Requests of this exchange before this one. */
  readonly resends: number;
  readonly ms: number;
  readonly status: number | undefined;
  /** Why there is no answer: a failure of the transport, or the code of what ended the call. */
  readonly error: string | undefined;
}

/** One run of a step of a chain or of a token call, as published on the channel `connectorc:refresh`. */
export interface RefreshEvent {
  readonly connector: string;
  readonly profile: string;
  readonly step: string;
  readonly tenant: string;
  readonly ms: number;
  readonly attempts: number;
  readonly status: number | undefined;
  readonly error: string | undefined;
}

/** Whose exchange is traced. */
export type TraceSubject =
  | { readonly kind: "call"; readonly connector: string; readonly operation: string; readonly tenant: string }
  | {
      readonly kind: "refresh";
      readonly connector: string;
      readonly profile: string;
      readonly step: string;
      readonly tenant: string;
    };

/** Who hears of calls. */
export interface Telemetry {
  /** False where nobody listens: then nothing is measured. */
  readonly active: boolean;
  /** Begins to follow a call; only while `active`. */
  begin(subject: TraceSubject): CallTrace;
  /** A circuit opened or closed. */
  circuit(report: CircuitReport): void;
  /** Gives up what it observes. */
  close(): void;
}

/** A listener that the host passes in. */
export type CallListener = (event: CallEvent) => void;
