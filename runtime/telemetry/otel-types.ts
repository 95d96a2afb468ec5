/**
 * What is used of `@opentelemetry/api` 1.x, by shape: its `Tracer` and `Meter` fit, and nothing has to be installed
 * where none is passed in.
 */

export type Attributes = Record<string, string | number | boolean>;

export interface OtelSpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly traceState?: { serialize(): string } | undefined;
}

export interface OtelSpan {
  spanContext(): OtelSpanContext;
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number }): unknown;
  isRecording(): boolean;
  /** Unix time in milliseconds. */
  end(endTime?: number): void;
}

export interface OtelContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OtelContext;
  deleteValue(key: symbol): OtelContext;
}

export interface OtelSpanOptions {
  kind?: number;
  attributes?: Attributes;
  /** Unix time in milliseconds. */
  startTime?: number;
}

/** `Tracer` of `@opentelemetry/api`. */
export interface OtelTracer {
  startSpan(name: string, options?: OtelSpanOptions, context?: OtelContext): OtelSpan;
}

export interface OtelInstrumentOptions {
  description?: string;
  unit?: string;
  advice?: { explicitBucketBoundaries?: number[] };
}

export interface OtelHistogram {
  record(value: number, attributes?: Attributes): void;
}

export interface OtelCounter {
  add(value: number, attributes?: Attributes): void;
}

export type OtelObserve = (result: { observe(value: number, attributes?: Attributes): void }) => void;

export interface OtelObservable {
  addCallback(callback: OtelObserve): void;
  removeCallback(callback: OtelObserve): void;
}

/** `Meter` of `@opentelemetry/api`. */
export interface OtelMeter {
  createHistogram(name: string, options?: OtelInstrumentOptions): OtelHistogram;
  createCounter(name: string, options?: OtelInstrumentOptions): OtelCounter;
  createObservableGauge(name: string, options?: OtelInstrumentOptions): OtelObservable;
}

/** `SpanKind` and `SpanStatusCode` of `@opentelemetry/api`. */
export const internalSpan = 0;
export const clientSpan = 2;
export const errorStatus = 2;
