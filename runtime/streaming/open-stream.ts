import type { ErrorRule, Matcher } from "../../schema/ir.ts";
import type { Exchanged } from "../call/call.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import { transportFailure } from "../call/transport-failure.ts";
import type { ResponseStream, StreamOptions, Warning } from "../connection/connection.ts";
import type { ConnectionContext } from "../connection/connection-context.ts";
import { Deadline } from "../deadline.ts";
import { ConnectorError } from "../errors.ts";
import { inRanges } from "../response/matcher.ts";
import type { LiveBody } from "./live-body.ts";
import { type Pieces, readBytes, readerOf } from "./read-body.ts";
import { type Taking, TapTransport } from "./tap.ts";

const defaultIdleMs = 30_000;

/** One streamed call: what its exchange runs on, and what becomes of its answer. */
export interface Streaming {
  /** The connection with a transport of its own. */
  readonly context: ConnectionContext;
  readonly plan: OperationPlan;
  result(done: Exchanged, warnings: readonly Warning[]): ResponseStream<unknown>;
  /** The call failed: nothing will be read. */
  failed(): void;
}

/** Prepares a streamed call; throws where the options or the type of the answer do not allow one. `describe` puts an error in context. */
export function prepareStream(
  context: ConnectionContext,
  plan: OperationPlan,
  options: StreamOptions,
  describe: (thrown: unknown) => unknown,
): Streaming {
  const { core } = context;
  const { type } = plan.operation.exchange.response;
  const read = options.as === "bytes" ? readBytes : readerOf(type);
  if (!read) throw notInPieces(type);
  const idleMs = positive(options.idleTimeoutMs, "idleTimeoutMs") ?? defaultIdleMs;
  const maxBytes = positive(options.maxBytes, "maxBytes") ?? Number.POSITIVE_INFINITY;
  const durationMs = positive(options.maxDurationMs, "maxDurationMs") ?? Number.POSITIVE_INFINITY;
  const { signal } = options;
  const deadline = new Deadline(core.clock, durationMs, signal && { signal, signals: core.signals });
  core.running.add(deadline);
  const taking = takingOf(plan);
  const tap = new TapTransport(core.transport, {
    clock: core.clock,
    deadline,
    idleMs,
    taking,
    wholeLimits: core.limits,
  });
  const limits = { maxBytes, maxRatio: core.limits.maxRatio };
  const over = once(() => core.running.remove(deadline));
  return {
    context: { ...context, core: { ...core, transport: tap, pacer: tap.pacer(core.pacer), limits } },
    // The body is none of the executor's: to it, it is bytes.
    plan: {
      ...plan,
      schemaCheck: undefined,
      rules: { ...plan.rules, response: { ...plan.rules.response, type: "binary" } },
    },
    failed: () => {
      tap.live?.cancel();
      over();
    },
    result: (done, given) => {
      const warnings = [...given];
      const source = sourceOf(tap.live, done);
      source.whenOver(over);
      const { answer, attempts, requestId } = done;
      const pieces = read(source.pieces, {
        contentType: answer.headers.get("content-type"),
        maxRecord: core.limits.maxBytes,
      });
      const values = options.as === "bytes" ? pieces : checked(pieces, plan, warnings);
      return {
        status: answer.status,
        headers: answer.headers,
        attempts,
        requestId,
        warnings,
        cancel: source.cancel,
        [Symbol.asyncIterator]: onlyOnce(() => reading(values, source, done, describe)),
      };
    },
  };
}

/** True where `records` may read an answer while it comes: there are no pages, and the records are the body's own. */
export function streamsRecords({ operation, schemaCheck, recordCheck }: OperationPlan): boolean {
  const { type, records } = operation.exchange.response;
  const isList = type === "jsonl" || type === "csv";
  const isRoot = records.kind === "plain" && records.steps.length === 0;
  return (
    isList && isRoot && operation.pagination.kind === "none" && (!schemaCheck || recordCheck !== undefined)
  );
}

/** An answer is read live where its status says success; rules that look into bodies see it whole first, if it is short. */
function takingOf({ rules }: OperationPlan): (status: number) => Taking {
  const looking: readonly Matcher[] = [...rules.errors.map((rule: ErrorRule) => rule.when), ...rules.expired];
  return (status) => {
    if (status === 401 || !inRanges(status, rules.response.success_status)) return "whole";
    const looks = looking.some(
      (matcher) => (matcher.json || matcher.text) && (!matcher.status || inRanges(status, matcher.status)),
    );
    return looks ? "peek" : "live";
  };
}

/** Where the pieces come from: the wire, or an answer that was read whole. */
interface Source {
  readonly pieces: Pieces;
  readonly live: LiveBody | undefined;
  whenOver(tell: () => void): void;
  readonly cancel: () => void;
}

function sourceOf(live: LiveBody | undefined, { answer, ignored }: Exchanged): Source {
  if (live && !ignored) {
    return {
      pieces: { [Symbol.asyncIterator]: () => iteratorOf(live) },
      live,
      whenOver: (tell) => live.whenOver(tell),
      cancel: () => live.cancel(),
    };
  }
  live?.cancel();
  // What an `errors` rule lets pass has no records.
  const chunks = ignored ? [] : answer.received.chunks;
  return { pieces: inTurn(chunks), live: undefined, whenOver: (tell) => tell(), cancel: () => {} };
}

function iteratorOf(live: LiveBody): AsyncIterator<Uint8Array> {
  return {
    next: async () => {
      const value = await live.next();
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    return: () => {
      live.cancel();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}

async function* inTurn(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
  yield* chunks;
}

/** Whoever stops reading, even before the first value, gives the connection free. */
function reading(
  values: AsyncGenerator<unknown, void, void>,
  source: Source,
  done: Exchanged,
  describe: (thrown: unknown) => unknown,
): AsyncIterator<unknown> {
  return {
    next: async () => {
      try {
        return await values.next();
      } catch (thrown) {
        const cut = isCut(thrown, source);
        source.cancel();
        throw describe(inContext(cut ? cutOff(done) : thrown, done));
      }
    },
    return: async () => {
      source.cancel();
      await values.return();
      return { done: true, value: undefined };
    },
  };
}

/** Nothing but the closing of the connection ends such a body: what does not parse at its end was cut. */
function isCut(thrown: unknown, { live }: Source): boolean {
  return (
    ConnectorError.is(thrown) &&
    thrown.code === "response_invalid" &&
    live?.framing === "close" &&
    live.drained
  );
}

function cutOff({ whence }: Exchanged): ConnectorError {
  return transportFailure(
    { kind: "truncated", message: "the answer ended midway", sent: true },
    whence.origin,
  );
}

function inContext(thrown: unknown, { answer, attempts, requestId }: Exchanged): unknown {
  if (!ConnectorError.is(thrown)) return thrown;
  const { status } = answer;
  return thrown.with({ status, attempts, ...(requestId === undefined ? {} : { requestId }) });
}

/** Each record against the items of `response_schema`: strictly, or with a warning for the first that does not fit. */
async function* checked(
  values: AsyncGenerator<unknown, void, void>,
  { recordCheck, schemaMode }: OperationPlan,
  warnings: Warning[],
): AsyncGenerator<unknown, void, void> {
  let index = 0;
  let told = false;
  for await (const value of values) {
    const issue = told ? undefined : recordCheck?.(value)[0];
    if (issue) {
      const path = `/${index}${issue.path}`;
      const message = `the answer does not fit \`response_schema\` at ${path}: ${issue.message}`;
      if (schemaMode === "strict")
        throw new ConnectorError({ code: "response_invalid", phase: "response", message });
      warnings.push({ code: "schema", path, message });
      told = true;
    }
    index++;
    yield value;
  }
}

function onlyOnce<T>(make: () => T): () => T {
  let made = false;
  return () => {
    if (made)
      throw new ConnectorError({
        code: "invalid_parameters",
        phase: "response",
        message: "A stream can be read once. Call `stream` again to read the answer again.",
      });
    made = true;
    return make();
  };
}

function once(run: () => void): () => void {
  let ran = false;
  return () => {
    if (ran) return;
    ran = true;
    run();
  };
}

function positive(value: number | undefined, name: string): number | undefined {
  if (value === undefined || value > 0) return value;
  throw new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `\`${name}\` must be more than 0.`,
  });
}

function notInPieces(type: string): ConnectorError {
  return new ConnectorError({
    code: "unsupported",
    phase: "parameters",
    message: `the operation answers with ${type}, which makes sense only as a whole. Use \`call\`, or read its bytes with \`as: "bytes"\`.`,
  });
}
