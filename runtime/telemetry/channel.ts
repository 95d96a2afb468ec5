import { type Channel, channel } from "node:diagnostics_channel";
import { checkOptions, type KeysOf } from "../check-options.ts";
import type { Clock } from "../ports.ts";
import { CallTrace, type TraceSinks } from "./call-trace.ts";
import { createMetrics, type Observed } from "./metrics.ts";
import type { OtelMeter, OtelTracer } from "./otel-types.ts";
import type { CallListener, Telemetry } from "./telemetry.ts";

/** Who is told of calls, beside the diagnostics channels. */
export interface TelemetryOptions {
  /** Hears of the start and end of every call. */
  readonly listener?: CallListener;
  /** Of `@opentelemetry/api`: makes the spans. */
  readonly tracer?: OtelTracer;
  /** Of `@opentelemetry/api`: makes the metrics. */
  readonly meter?: OtelMeter;
  /** Requests carry the context of their span (`traceparent`) to the server. Off by default: it is a header that nobody declared. */
  readonly propagate?: boolean;
}

const telemetryKeys: KeysOf<TelemetryOptions> = {
  listener: true,
  tracer: true,
  meter: true,
  propagate: true,
};

/**
 * Publishes on the channels `connectorc:call`, `:attempt`, `:refresh` and `:circuit` while someone subscribes, and
 * tells the host's listener, tracer and meter.
 */
export function createTelemetry(
  given: CallListener | TelemetryOptions | undefined,
  clock: Clock,
  observed: Observed,
): Telemetry {
  const options = readOptions(given);
  const { listener, tracer, meter, propagate = false } = options;
  const calls = channel("connectorc:call");
  const attempts = channel("connectorc:attempt");
  const refreshes = channel("connectorc:refresh");
  const circuits = channel("connectorc:circuit");
  const metrics = meter && createMetrics(meter, observed);
  const asked = listener !== undefined || tracer !== undefined || metrics !== undefined;
  const sinks: TraceSinks = {
    clock,
    tracer,
    metrics,
    propagate,
    call: (event) => {
      try {
        listener?.(event);
      } catch {
        // A fault of the listener is no fault of the call.
      }
      publish(calls, event);
    },
    attempt: (event) => publish(attempts, event),
    refresh: (event) => publish(refreshes, event),
  };
  return {
    get active() {
      return asked || calls.hasSubscribers || attempts.hasSubscribers || refreshes.hasSubscribers;
    },
    begin: (subject) => new CallTrace(sinks, subject),
    circuit: (report) => publish(circuits, report),
    close: () => metrics?.close(),
  };
}

function publish(to: Channel, event: unknown): void {
  if (to.hasSubscribers) to.publish(event);
}

function readOptions(given: CallListener | TelemetryOptions | undefined): TelemetryOptions {
  if (given === undefined) return {};
  if (typeof given === "function") return { listener: given };
  checkOptions(given, telemetryKeys, "`telemetry`");
  return given;
}
