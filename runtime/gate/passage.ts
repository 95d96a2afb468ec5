import { encodeBytes } from "../crypto/encoding.ts";
import { hmac } from "../crypto/hash.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, Logger, Random } from "../ports.ts";
import { canonicalJson } from "./canonical-json.ts";
import { entityOf } from "./entity-key.ts";
import type { GateRequest } from "./gate.ts";
import type { Judgement } from "./judge.ts";
import type { GateDecision, Receipt, ReceiptSink } from "./receipt.ts";
import { leavesOpen } from "./uncertain.ts";

/** What all calls of a gate share. */
export interface PassageSettings {
  readonly receipts: ReceiptSink;
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger | undefined;
}

/** One call on its way through the gate: the keys that it is known by, and its receipts. */
export class Passage {
  /** Of the arguments; undefined where they cannot be compared. */
  readonly argumentsHash: string | undefined;
  /** What calls about the same thing have in common. */
  readonly entity: string | undefined;
  /** What a repeat of the call has in common with it. */
  readonly dedup: string | undefined;
  /** Why its keys cannot be made. */
  readonly problem: string | undefined;
  readonly #settings: PassageSettings;
  readonly #request: GateRequest;
  readonly #judgement: Judgement;
  readonly #id: string;
  #decided = 0;

  constructor(settings: PassageSettings, request: GateRequest, judgement: Judgement) {
    this.#settings = settings;
    this.#request = request;
    this.#judgement = judgement;
    this.#id = settings.random.uuid();
    const { parameters, idempotencyKey } = request;
    const { rule } = judgement;
    const json = canonicalJson(parameters);
    this.argumentsHash = json === undefined ? undefined : this.#hash("arguments", json);
    const entity = rule?.entityKey && entityOf(rule.entityKey, parameters);
    if (entity && "key" in entity) this.entity = this.#hash("entity", entity.key);
    if (idempotencyKey !== undefined) this.dedup = this.#hash("given", idempotencyKey);
    else if (rule?.dedupSeconds !== undefined && json !== undefined) this.dedup = this.#hash("derived", json);
    if (entity && "missing" in entity)
      this.problem = `The policy's \`entity_key\` needs parameter "${entity.missing}" as a text or a number, and the call has none.`;
    else if (json === undefined && (this.dedup !== undefined || rule?.dedupSeconds !== undefined))
      this.problem =
        "A parameter is a stream or the like, which cannot be compared, so that a repeat could not be told; give it as bytes.";
  }

  /** Writes what was decided; rejects where it cannot be written, so that nothing is done without a receipt. */
  async decided(decision: GateDecision): Promise<void> {
    this.#decided = this.#settings.clock.now();
    try {
      await this.#settings.receipts(this.#receipt("decision", decision));
    } catch (cause) {
      throw new ConnectorError({
        code: "state_unavailable",
        // Before all that is sent: the call did nothing.
        phase: "configuration",
        retryable: true,
        message:
          "The receipt of this call cannot be written, so the call is not made. Check where receipts go.",
        cause,
      });
    }
  }

  /** Follows a call to its end. It is done by then: a receipt that cannot be written goes to the log. */
  async follow<T>(decision: GateDecision, call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      await this.#ended(decision, { outcome: "done" });
      return result;
    } catch (error) {
      const code = ConnectorError.is(error) ? error.code : "internal";
      await this.#ended(decision, { outcome: leavesOpen(error) ? "unknown" : "failed", code });
      throw error;
    }
  }

  async #ended(decision: GateDecision, end: Pick<Receipt, "outcome" | "code">): Promise<void> {
    const { receipts, clock, logger } = this.#settings;
    const ms = Math.round(clock.now() - this.#decided);
    try {
      await receipts({ ...this.#receipt("outcome", decision), ...end, ms });
    } catch {
      logger?.error({ receipt: this.#id, ...end }, "the receipt of a call that was made cannot be written");
    }
  }

  #receipt(event: Receipt["event"], decision: GateDecision): Receipt {
    const { caller, connector, operation, tool } = this.#request;
    const { action, index } = this.#judgement;
    return {
      event,
      id: this.#id,
      at: new Date(this.#settings.clock.wall()).toISOString(),
      tenant: caller.tenant,
      ...(caller.clientId === undefined ? {} : { client: caller.clientId }),
      connector,
      operation,
      tool,
      action,
      decision,
      ...(index === undefined ? {} : { rule: index }),
      ...(this.argumentsHash === undefined ? {} : { arguments: this.argumentsHash }),
      ...(this.entity === undefined ? {} : { entity: this.entity }),
      ...(this.dedup === undefined ? {} : { key: this.dedup }),
    };
  }

  /** Tenant and connector are part of all: nothing of one is equal to anything of another. An entity is of all operations. */
  #hash(kind: "arguments" | "entity" | "given" | "derived", text: string): string {
    const { caller, connector, operation } = this.#request;
    const of = [kind, caller.tenant, connector, kind === "entity" ? "" : operation, text];
    return encodeBytes(hmac("sha256", this.#settings.key, JSON.stringify(of)), "base64url");
  }
}
