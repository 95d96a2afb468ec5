import type { CallToolResult, InputRequiredResult } from "@modelcontextprotocol/server";
import type { Connection } from "../connection/connection.ts";
import { callThroughGate } from "../gate/call-through-gate.ts";
import type { Gate } from "../gate/gate.ts";
import type { Clock, Logger } from "../ports.ts";
import { bytesResult } from "./bytes-result.ts";
import type { ToolCaller } from "./caller.ts";
import type { ConcurrencyLimit } from "./concurrency.ts";
import { ConsentNeeded, type ConsentRound, type Consents } from "./consent.ts";
import type { LinkedBytes, LinkStore } from "./links.ts";
import { contentBlocks, mixedResult } from "./mixed-result.ts";
import { OwnSecrets } from "./own-secrets.ts";
import { ProgressReporter, type SendProgress } from "./progress.ts";
import { fieldTree } from "./project.ts";
import { type Place, type RecordTaking, readRecords } from "./read-records.ts";
import { hashOf, type Sealer, type SealSubject } from "./seal.ts";
import { type GivenArguments, invalidArgument, readArguments } from "./tool-arguments.ts";
import { asConnectorError, internalFailure, toolFailure } from "./tool-error.ts";
import { failedResult } from "./tool-result.ts";
import type { ServedTool } from "./tool-set.ts";
import { recordsResult, type SealPlace, valueResult } from "./value-result.ts";

/** What all calls of a server share. */
export interface RunnerSettings {
  readonly sealer: Sealer;
  readonly links: LinkStore;
  readonly limit: ConcurrencyLimit;
  readonly gate: Gate;
  readonly consents: Consents;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  /** Bytes of one answer as JSON. */
  readonly maxAnswerBytes: number;
  readonly timeoutMs: number | undefined;
  readonly progressMs: number;
}

/** One call: who makes it, how it is cancelled, and who hears of its progress. */
export interface ToolCall {
  readonly caller: ToolCaller;
  readonly signal: AbortSignal;
  readonly sendProgress: SendProgress | undefined;
  /** What the client brings of a consent that was asked for; absent where it cannot ask its user. */
  readonly consent?: ConsentRound;
  /** Calls under one key are one call. */
  readonly idempotencyKey?: string;
}

/** What a client is answered: the result, or what its user is to be asked first. */
export type ToolAnswer = CallToolResult | InputRequiredResult;

/** Room for what surrounds the data of an answer: a cursor and a note. */
const envelopeBytes = 2048;

/** Runs tools: arguments read, the gate asked, the operation called, its answer made to fit. Never rejects. */
export class ToolRunner {
  readonly #settings: RunnerSettings;

  constructor(settings: RunnerSettings) {
    this.#settings = settings;
  }

  async run(tool: ServedTool, given: Readonly<Record<string, unknown>>, call: ToolCall): Promise<ToolAnswer> {
    const { clock, limit, logger, progressMs } = this.#settings;
    const progress = new ProgressReporter(call.sendProgress, clock, progressMs);
    try {
      return await limit.run(call.signal, () => this.#answer(tool, given, call, progress));
    } catch (thrown) {
      if (thrown instanceof ConsentNeeded) return thrown.question;
      const error = asConnectorError(thrown);
      if (error) return failedResult(toolFailure(error, tool.definition, clock.wall()));
      logger?.error({ tool: tool.text.name, error: String(thrown) }, "a tool failed in a way it should not");
      return failedResult(internalFailure());
    } finally {
      progress.end();
    }
  }

  async #answer(
    tool: ServedTool,
    given: Readonly<Record<string, unknown>>,
    call: ToolCall,
    progress: ProgressReporter,
  ): Promise<CallToolResult> {
    const read = readArguments(tool.definition, given);
    const { answer, operation, controls } = tool.definition;
    const subject = subjectOf(tool, read, call.caller);
    const seal: SealPlace = ({ page, skip }) => this.#settings.sealer.seal(subject, [page ?? null, skip]);
    const taking: RecordTaking = {
      place: this.#placeOf(tool, read, subject),
      fields: fieldTree(read.fields ?? []),
      maxItems: read.maxItems,
      bytes: this.#settings.maxAnswerBytes - envelopeBytes,
      goesOn: controls.cursor !== undefined,
      tell: progress.tell,
    };
    const connection = await connectionFor(tool, call.caller);
    const own = new OwnSecrets(connection);
    if (answer !== "records")
      return own.result(await this.#one(tool, connection, own, read, call, taking, seal));
    const { parameters } = read;
    const { timeoutMs } = this.#settings;
    const reading = {
      ...taking,
      connection,
      operation: operation.id,
      parameters,
      signal: call.signal,
      timeoutMs,
    };
    return own.result(recordsResult(await readRecords(reading), seal));
  }

  /** One exchange, behind the gate where it changes something. */
  async #one(
    tool: ServedTool,
    connection: Connection,
    own: OwnSecrets,
    { parameters }: GivenArguments,
    { caller, signal, consent, idempotencyKey }: ToolCall,
    taking: RecordTaking,
    seal: SealPlace,
  ): Promise<CallToolResult> {
    const { timeoutMs, gate, maxAnswerBytes, consents } = this.#settings;
    const { data, headers } = await callThroughGate({
      gate,
      caller,
      connection,
      operation: tool.definition.operation,
      parameters,
      tool: tool.text.name,
      options: {
        signal,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      },
      ...(consent
        ? { confirm: async () => consents.read(consent, { tool, parameters, tenant: caller.tenant }) }
        : {}),
    });
    const keep = (content: Omit<LinkedBytes, "uri">) =>
      this.#settings.links.add(caller.tenant, tool.connector.slug, own.bytes(content));
    if (!(data instanceof Uint8Array)) {
      const blocks = tool.connector.upstream && contentBlocks(data);
      return blocks ? mixedResult(blocks, taking.bytes, keep) : valueResult(data, taking, seal);
    }
    const mimeType = headers.get("content-type")?.split(";")[0]?.trim() || "application/octet-stream";
    const content = { name: tool.text.name, mimeType, bytes: data };
    return bytesResult(keep(content), maxAnswerBytes);
  }

  #placeOf(tool: ServedTool, { cursor }: GivenArguments, subject: SealSubject): Place {
    if (cursor === undefined) return { page: undefined, skip: 0 };
    const place = this.#settings.sealer.open(subject, cursor);
    if (!Array.isArray(place))
      throw invalidArgument(
        tool.definition.controls.cursor ?? "cursor",
        "is no `next_cursor` of this tool with these arguments, or is too old; call without it to begin again",
      );
    const [page, skip]: unknown[] = place;
    return { page: typeof page === "string" ? page : undefined, skip: Number(skip) };
  }
}

function connectionFor({ connection }: ServedTool, caller: ToolCaller): Connection | Promise<Connection> {
  return typeof connection === "function" ? Promise.resolve(connection(caller)) : connection;
}

/** A cursor counts for the tenant, tool and arguments that it was given for; `fields` and `max_items` may change on the way. */
function subjectOf(tool: ServedTool, { parameters }: GivenArguments, { tenant }: ToolCaller): SealSubject {
  return { tenant, name: `${tool.connector.slug}/${tool.text.name}`, hash: hashOf(parameters) };
}
