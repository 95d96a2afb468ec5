import type { OtelContext, OtelSpan, OtelSpanContext } from "./otel-types.ts";

/** Under which `trace.getSpan` of `@opentelemetry/api` 1.x looks; its keys are registered symbols. */
const spanKey: symbol = Symbol.for("OpenTelemetry Context Key SPAN");

/** A context that holds a span, and nothing else of the host's: parent of the spans below it. */
export function contextOf(span: OtelSpan): OtelContext {
  return new Values(new Map([[spanKey, span]]));
}

class Values implements OtelContext {
  readonly #values: ReadonlyMap<symbol, unknown>;

  constructor(values: ReadonlyMap<symbol, unknown>) {
    this.#values = values;
  }

  getValue(key: symbol): unknown {
    return this.#values.get(key);
  }

  setValue(key: symbol, value: unknown): OtelContext {
    return new Values(new Map([...this.#values, [key, value]]));
  }

  deleteValue(key: symbol): OtelContext {
    return new Values(new Map([...this.#values].filter(([name]) => name !== key)));
  }
}

/** False for what a tracer gives where tracing is suppressed: a span of no trace, below which there are none. */
export function isInTrace({ traceId }: OtelSpanContext): boolean {
  return /^[0-9a-f]{32}$/.test(traceId) && !/^0+$/.test(traceId);
}

/** The headers of W3C Trace Context (level 1, section 3) as flat names and values. */
export function traceHeaders({ traceId, spanId, traceFlags, traceState }: OtelSpanContext): string[] {
  const flags = (traceFlags & 0xff).toString(16).padStart(2, "0");
  const headers = ["traceparent", `00-${traceId}-${spanId}-${flags}`];
  const state = traceState?.serialize();
  if (state) headers.push("tracestate", state);
  return headers;
}
