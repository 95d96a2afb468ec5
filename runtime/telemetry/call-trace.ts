import type { Exchange } from "../../schema/ir.ts";
import type { Clock, WireRequest } from "../ports.ts";
import type { Ending } from "../request/send.ts";
import { CallSpans } from "./call-spans.ts";
import { type Metrics, serverAttributes } from "./metrics.ts";
import type { Attributes, OtelTracer } from "./otel-types.ts";
import { safeUrl, urlTemplate } from "./safe-url.ts";
import { type Stage, StageClock } from "./stage-clock.ts";
import type { AttemptEvent, CallEvent, RefreshEvent, TraceSubject } from "./telemetry.ts";

/** Where a trace tells what it sees. */
export interface TraceSinks {
  readonly clock: Clock;
  readonly tracer: OtelTracer | undefined;
  readonly metrics: Metrics | undefined;
  /** Requests carry the context of their span on. */
  readonly propagate: boolean;
  call(event: CallEvent): void;
  attempt(event: AttemptEvent): void;
  refresh(event: RefreshEvent): void;
}

interface Sent {
  readonly request: WireRequest;
  readonly exchange: Exchange;
  readonly since: number;
  readonly attributes: Attributes;
}

/** Follows one call, or one run of a step, through its stages. Told by the executor; tells events, spans and metrics. */
export class CallTrace {
  readonly #sinks: TraceSinks;
  readonly #subject: TraceSubject;
  readonly #stages: StageClock = new StageClock();
  readonly #spans: CallSpans | undefined;
  readonly #began: number;
  /** Unix milliseconds less `clock.now()`. */
  readonly #toWall: number;
  #sent: Sent | undefined = undefined;
  #sends = 0;

  constructor(sinks: TraceSinks, subject: TraceSubject) {
    this.#sinks = sinks;
    this.#subject = subject;
    this.#began = sinks.clock.now();
    this.#toWall = sinks.clock.wall() - this.#began;
    this.#spans =
      sinks.tracer &&
      new CallSpans(sinks.tracer, nameOf(subject), attributesOf(subject), this.#wall(this.#began));
    const { connector, tenant } = subject;
    if (subject.kind === "call")
      sinks.call({ phase: "start", connector, operation: subject.operation, tenant });
  }

  /** A stage begins; the one before it ends. */
  enter(stage: Exclude<Stage, "attempt">): void {
    const now = this.#sinks.clock.now();
    this.#leave(now);
    this.#stages.enter(stage, now);
  }

  /** Credentials were asked for. `waits`: they are not at hand. */
  credentials(waits: boolean): void {
    this.#sinks.metrics?.credentials(this.#subject.connector, !waits);
    if (waits) this.enter("credentials");
  }

  /** A request is about to go; what goes in its place, with the headers that carry the context on. */
  attempt(request: WireRequest, exchange: Exchange, secrets: () => readonly unknown[]): WireRequest {
    const now = this.#sinks.clock.now();
    this.#leave(now);
    this.#stages.enter("attempt", now);
    const attributes: Attributes =
      this.#spans || this.#sinks.metrics
        ? { "http.request.method": request.method, ...serverAttributes(request.origin) }
        : {};
    this.#sent = { request, exchange, since: now, attributes };
    this.#sends++;
    const carried = this.#beginSpan(request, exchange, attributes, now, secrets);
    if (!this.#sinks.propagate || carried.length === 0 || hasHeader(request.headers, "traceparent"))
      return request;
    return { ...request, headers: [...request.headers, ...carried] };
  }

  /** The request that went last is over. */
  answered(ending: Ending): void {
    const now = this.#sinks.clock.now();
    this.#leave(now);
    const sent = this.#sent;
    if (!sent) return;
    this.#sent = undefined;
    const { status, error } = endOf(ending);
    const http2 = ending.kind === "received" && ending.protocol === "2";
    const end: Attributes = {
      ...(http2 ? { "network.protocol.version": "2" } : {}),
      ...(status === undefined ? {} : { "http.response.status_code": status }),
      ...(error === undefined ? {} : { "error.type": error }),
    };
    this.#spans?.endAttempt(end, error !== undefined, this.#wall(now));
    const { connector, tenant } = this.#subject;
    const event: AttemptEvent = {
      connector,
      tenant,
      exchange: sent.exchange.id,
      method: sent.request.method,
      origin: sent.request.origin,
      resends: this.#sends - 1,
      ms: now - sent.since,
      status,
      error: ending.kind === "received" ? undefined : error,
    };
    this.#sinks.metrics?.attempt(event, { ...sent.attributes, ...end });
    this.#sinks.attempt(event);
  }

  /** The call is over. */
  end(attempts: number, status: number | undefined, error: string | undefined): void {
    const now = this.#sinks.clock.now();
    this.#leave(now);
    const attributes: Attributes = {
      "connectorc.attempts": attempts,
      ...(error === undefined ? {} : { "error.type": error }),
    };
    this.#spans?.end(attributes, error !== undefined, this.#wall(now));
    this.#tellEnd({ ms: now - this.#began, attempts, status, error });
  }

  #tellEnd(end: Pick<RefreshEvent, "ms" | "attempts" | "status" | "error">): void {
    const { metrics } = this.#sinks;
    const subject = this.#subject;
    const { connector, tenant } = subject;
    if (subject.kind === "refresh") {
      const { profile, step } = subject;
      const event: RefreshEvent = { connector, profile, step, tenant, ...end };
      metrics?.refresh(event);
      this.#sinks.refresh(event);
      return;
    }
    const { operation } = subject;
    const stages = { ...this.#stages.times };
    const event = { phase: "end", connector, operation, tenant, stages, ...end } as const;
    metrics?.call(event);
    this.#sinks.call(event);
  }

  #beginSpan(
    request: WireRequest,
    exchange: Exchange,
    attributes: Attributes,
    now: number,
    secrets: () => readonly unknown[],
  ): string[] {
    const spans = this.#spans;
    if (!spans) return [];
    const template = urlTemplate(exchange);
    const all: Attributes = spans.recording
      ? {
          ...attributes,
          "url.full": safeUrl(request.origin, request.path, exchange, secrets()),
          "url.template": template,
          ...(this.#sends > 1 ? { "http.request.resend_count": this.#sends - 1 } : {}),
        }
      : {};
    return spans.beginAttempt(`${request.method} ${template}`, all, this.#wall(now));
  }

  #leave(now: number): void {
    const left = this.#stages.leave(now);
    if (left && left.stage !== "attempt")
      this.#spans?.stage(left.stage, this.#wall(left.since), this.#wall(now));
  }

  #wall(now: number): number {
    return this.#toWall + now;
  }
}

function nameOf(subject: TraceSubject): string {
  return `${subject.connector} ${subject.kind === "call" ? subject.operation : subject.step}`;
}

function attributesOf(subject: TraceSubject): Attributes {
  const shared = { "connectorc.connector": subject.connector, "connectorc.tenant": subject.tenant };
  return subject.kind === "call"
    ? { ...shared, "connectorc.operation": subject.operation }
    : { ...shared, "connectorc.profile": subject.profile, "connectorc.step": subject.step };
}

/** `error.type` is the status from 400 on, as the conventions have it for clients; else what ended the request. */
function endOf(ending: Ending): { status: number | undefined; error: string | undefined } {
  switch (ending.kind) {
    case "received":
      return { status: ending.status, error: ending.status >= 400 ? String(ending.status) : undefined };
    case "failed":
      return { status: ending.status, error: ending.error.kind };
    case "cut":
      return { status: undefined, error: ending.error.code };
  }
}

function hasHeader(headers: readonly string[], name: string): boolean {
  return headers.some((text, at) => at % 2 === 0 && text === name);
}
