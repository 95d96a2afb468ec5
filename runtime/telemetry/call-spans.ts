import {
  type Attributes,
  clientSpan,
  errorStatus,
  internalSpan,
  type OtelContext,
  type OtelSpan,
  type OtelTracer,
} from "./otel-types.ts";
import { contextOf, isInTrace, traceHeaders } from "./span-context.ts";
import type { Stage } from "./stage-clock.ts";

/**
 * The spans of one call: one of its own, below whatever is active where it began, and one for each stage that took
 * time. Attempts follow OpenTelemetry's conventions for HTTP client spans (stable since 1.23). Times are Unix milliseconds.
 */
export class CallSpans {
  readonly #tracer: OtelTracer;
  readonly #call: OtelSpan;
  /** Undefined where tracing is suppressed: nothing stands below. */
  readonly #context: OtelContext | undefined;
  #attempt: OtelSpan | undefined = undefined;

  constructor(tracer: OtelTracer, name: string, attributes: Attributes, startTime: number) {
    this.#tracer = tracer;
    this.#call = tracer.startSpan(name, { kind: internalSpan, attributes, startTime });
    this.#context = isInTrace(this.#call.spanContext()) ? contextOf(this.#call) : undefined;
  }

  /** False where the attributes of spans would be thrown away. */
  get recording(): boolean {
    return this.#call.isRecording();
  }

  stage(stage: Exclude<Stage, "attempt">, startTime: number, endTime: number): void {
    if (!this.#context || !this.recording) return;
    this.#tracer.startSpan(stage, { kind: internalSpan, startTime }, this.#context).end(endTime);
  }

  /** Begins an attempt; the headers that carry its context on. */
  beginAttempt(name: string, attributes: Attributes, startTime: number): string[] {
    if (!this.#context) return [];
    this.#attempt = this.#tracer.startSpan(name, { kind: clientSpan, attributes, startTime }, this.#context);
    return traceHeaders(this.#attempt.spanContext());
  }

  endAttempt(attributes: Attributes, failed: boolean, endTime: number): void {
    finish(this.#attempt, attributes, failed, endTime);
    this.#attempt = undefined;
  }

  end(attributes: Attributes, failed: boolean, endTime: number): void {
    finish(this.#attempt, {}, failed, endTime);
    finish(this.#call, attributes, failed, endTime);
  }
}

function finish(span: OtelSpan | undefined, attributes: Attributes, failed: boolean, endTime: number): void {
  if (!span) return;
  span.setAttributes(attributes);
  if (failed) span.setStatus({ code: errorStatus });
  span.end(endTime);
}
