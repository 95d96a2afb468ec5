import type { CallLane } from "../connection/limits.ts";
import type { EndListener } from "../deadline.ts";
import type { ConnectorError } from "../errors.ts";
import type { Grant } from "../pacing/pacer.ts";
import type { Awaitable, ClientCertificate, Slot } from "../ports.ts";
import { isPromise } from "../settled.ts";
import type { Job } from "./job.ts";

/** The leave to send one request: a connection slot and tokens of all limits. Exactly one of the two ends it. */
export interface Admission {
  readonly waitedMs: number;
  /** The exchange is over. */
  finished(): void;
  /** Nothing was sent: the tokens go back. */
  unused(): void;
}

/** Where a request goes, and what it waits for. */
export interface AdmissionRequest {
  readonly origin: string;
  readonly client: ClientCertificate | undefined;
  readonly lane: CallLane | undefined;
  /** Called at once where there is room for both, else as soon as there is. */
  admitted(admission: Admission): void;
  /** There is no room in time. */
  refused(thrown: unknown): void;
}

/**
 * First a free slot, then tokens of all limits together, so that between tokens and first byte nothing is waited for.
 */
export function admit(job: Job, request: AdmissionRequest): void {
  new Admitting(job, request).start();
}

/** One object from the wait for a slot to the end of the exchange: it becomes the leave that it has waited for. */
class Admitting implements Admission, EndListener {
  readonly #job: Job;
  readonly #request: AdmissionRequest;
  #slot: Slot | undefined = undefined;
  #grant: Grant | undefined = undefined;
  #leaveLine: (() => void) | undefined = undefined;
  /** Hears of a refusal in place of the request: who waits for a slot a second time. */
  #refused: ((thrown: unknown) => void) | undefined = undefined;

  constructor(job: Job, request: AdmissionRequest) {
    this.#job = job;
    this.#request = request;
  }

  start(): void {
    const slot = this.#freeSlot();
    if (slot) this.#takeTokens(slot);
    else this.#waitForSlot();
  }

  get waitedMs(): number {
    return this.#grant?.waitedMs ?? 0;
  }

  finished(): void {
    this.#grant?.release();
    this.#slot?.release();
  }

  unused(): void {
    this.#grant?.refund();
    this.#slot?.release();
  }

  /** The call's end comes before the slot. */
  ended(error: ConnectorError): void {
    this.#leaveLine?.();
    if (this.#refused) this.#refused(error);
    else this.#request.refused(error);
  }

  #freeSlot(): Slot | undefined {
    return this.#job.core.transport.slot(this.#request.origin, this.#request.client);
  }

  #waitForSlot(granted?: (slot: Slot) => void): void {
    const { core, deadline } = this.#job;
    let waits = true;
    this.#leaveLine = core.transport.waitForSlot(
      this.#request.origin,
      (slot) => {
        waits = false;
        deadline.unlisten(this);
        if (granted) granted(slot);
        else this.#takeTokens(slot);
      },
      this.#request.client,
    );
    if (waits) deadline.listen(this);
  }

  #takeTokens(slot: Slot): void {
    let grant: Awaitable<Grant> | undefined;
    try {
      grant = this.#acquire();
    } catch (thrown) {
      slot.release();
      this.#request.refused(thrown);
      return;
    }
    if (isPromise(grant))
      this.#waitWithoutSlot(slot, grant).then(
        () => this.#request.admitted(this),
        (thrown) => this.#request.refused(thrown),
      );
    else {
      this.#hold(slot, grant);
      this.#request.admitted(this);
    }
  }

  /**
   * Whoever waits for tokens holds no slot meanwhile, or one slow limit would block the origin for all others. If the
   * slots are taken when the tokens come, they go back and are asked for again, this time with a slot in hand.
   */
  async #waitWithoutSlot(held: Slot, waiting: Promise<Grant>): Promise<void> {
    held.release();
    const grant = await this.#claim(waiting);
    const slot = this.#freeSlot();
    if (slot) {
      this.#hold(slot, grant);
      return;
    }
    grant.refund();
    const own = await this.#nextSlot();
    try {
      const again = this.#acquire();
      this.#hold(own, isPromise(again) ? await this.#claim(again) : again);
    } catch (thrown) {
      own.release();
      throw thrown;
    }
  }

  #nextSlot(): Promise<Slot> {
    return new Promise<Slot>((resolve, reject) => {
      this.#refused = reject;
      this.#waitForSlot(resolve);
    });
  }

  #hold(slot: Slot, grant: Grant | undefined): void {
    this.#slot = slot;
    this.#grant = grant;
  }

  #acquire(): Awaitable<Grant> | undefined {
    const { lane } = this.#request;
    if (!lane) return undefined;
    const { core, cost, deadline } = this.#job;
    const { at, signal, priority } = deadline;
    return core.pacer.acquire(lane.lane, { cost, deadline: at, signal, priority });
  }

  /** Waits for tokens. The call may end before them: then they go back when they come. */
  async #claim(waiting: Promise<Grant>): Promise<Grant> {
    try {
      return await this.#job.deadline.race(waiting);
    } catch (thrown) {
      waiting.then(
        (grant) => grant.refund(),
        () => {},
      );
      throw thrown;
    }
  }
}
