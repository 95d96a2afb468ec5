import type { CircuitReport, CircuitState } from "../retry/circuit.ts";
import type { Attributes, OtelMeter, OtelObservable, OtelObserve } from "./otel-types.ts";
import type { SlaReport } from "./sla.ts";
import type { AttemptEvent, CallEnd, RefreshEvent } from "./telemetry.ts";

/** What is looked at when metrics are read. */
export interface Observed {
  circuits(): readonly CircuitReport[];
  sla(): readonly SlaReport[];
}

/** What calls are counted by. Values of calls, tenants and URLs are no attributes: their kinds have no bound. */
export interface Metrics {
  call(event: CallEnd): void;
  attempt(event: AttemptEvent, attributes: Attributes): void;
  refresh(event: RefreshEvent): void;
  /** Whether the credential of a call was at hand. */
  credentials(connector: string, cached: boolean): void;
  close(): void;
}

/** OpenTelemetry's advice for `http.client.request.duration`, in seconds. */
const secondsAdvice = {
  explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
};

const stateNumbers: { readonly [S in CircuitState]: number } = { closed: 0, half_open: 1, open: 2 };

/** Makes the instruments. `http.client.request.duration` is OpenTelemetry's, the others ours. */
export function createMetrics(meter: OtelMeter, observed: Observed): Metrics {
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: "s", advice: secondsAdvice });
  const requests = seconds("http.client.request.duration", "Duration of HTTP client requests.");
  const calls = seconds("connectorc.call.duration", "Duration of calls, waits and retries included.");
  const waits = seconds("connectorc.wait.duration", "Waits for connections and rate limits, by call.");
  const refreshes = seconds("connectorc.refresh.duration", "Duration of calls that give a token.");
  const attempts = meter.createHistogram("connectorc.call.attempts", {
    description: "Requests that a call took.",
    unit: "{request}",
    advice: { explicitBucketBoundaries: [0, 1, 2, 3, 4, 5] },
  });
  const retries = meter.createCounter("connectorc.retries", {
    description: "Requests that were sent again.",
    unit: "{request}",
  });
  const lookups = meter.createCounter("connectorc.credentials", {
    description: "Credentials that calls asked for, by whether they were at hand.",
    unit: "{lookup}",
  });
  const stop = observe(meter, observed);
  return {
    call: ({ connector, operation, ms, stages, attempts: count, error }) => {
      const attributes = { "connectorc.connector": connector, "connectorc.operation": operation };
      calls.record(ms / 1000, error === undefined ? attributes : { ...attributes, "error.type": error });
      attempts.record(count, attributes);
      waits.record(stages.wait / 1000, attributes);
    },
    attempt: ({ connector, ms, resends }, attributes) => {
      requests.record(ms / 1000, attributes);
      if (resends > 0) retries.add(1, { "connectorc.connector": connector });
    },
    refresh: ({ connector, profile, step, ms, error }) => {
      const attributes = {
        "connectorc.connector": connector,
        "connectorc.profile": profile,
        "connectorc.step": step,
      };
      refreshes.record(ms / 1000, error === undefined ? attributes : { ...attributes, "error.type": error });
    },
    credentials: (connector, cached) =>
      lookups.add(1, { "connectorc.connector": connector, "connectorc.cached": cached }),
    close: stop,
  };
}

/** Gauges that are read when the host collects; the function takes them back. */
function observe(meter: OtelMeter, observed: Observed): () => void {
  const gauge = (name: string, description: string, unit: string, read: OtelObserve): (() => void) => {
    const made: OtelObservable = meter.createObservableGauge(name, { description, unit });
    made.addCallback(read);
    return () => made.removeCallback(read);
  };
  const eachWindow =
    (value: (window: SlaReport["windows"][number]) => number | undefined): OtelObserve =>
    (result) => {
      for (const { connector, windows } of observed.sla())
        for (const window of windows) {
          const read = value(window);
          const attributes = { "connectorc.connector": connector, "connectorc.window": `${window.minutes}m` };
          if (read !== undefined && Number.isFinite(read)) result.observe(read, attributes);
        }
    };
  const stops = [
    gauge("connectorc.circuit.state", "0 closed, 1 half open, 2 open.", "1", (result) => {
      for (const { origin, state } of observed.circuits())
        result.observe(stateNumbers[state], serverAttributes(origin));
    }),
    gauge(
      "connectorc.sla.availability",
      "Share of answered requests.",
      "%",
      eachWindow((one) => one.availability),
    ),
    gauge(
      "connectorc.sla.latency.p95",
      "95th percentile of answers.",
      "ms",
      eachWindow((one) => one.latencyP95),
    ),
    gauge(
      "connectorc.sla.burn",
      "Spent error budget; 1 is all of it.",
      "1",
      eachWindow((one) => one.burn),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** `server.address` and `server.port` of an origin. */
export function serverAttributes(origin: string): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  // Brackets belong to the URL, not to the address (RFC 3986, section 3.2.2).
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    "server.address": address,
    "server.port": port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}
