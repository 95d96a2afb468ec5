import type { Core } from "./core.ts";
import type { Deadline, EndListener } from "./deadline.ts";
import type { CallLane } from "./limits.ts";
import type { Grant } from "./pacing/pacer.ts";
import type { Awaitable, ClientCertificate, Slot } from "./ports.ts";
import { isPromise } from "./settled.ts";

/** The leave to send one request: a connection slot and tokens of all limits. Exactly one of the two ends it. */
export interface Admission {
  readonly waitedMs: number;
  /** The exchange is over. */
  finished(): void;
  /** Nothing was sent: the tokens go back. */
  unused(): void;
}

/** What is asked for. */
export interface AdmissionRequest {
  readonly core: Core;
  readonly deadline: Deadline;
  readonly origin: string;
  readonly client: ClientCertificate | undefined;
  readonly lane: CallLane | undefined;
  readonly cost: number;
}

/**
 * First a free slot, then tokens of all limits together, so that between tokens and first byte nothing is waited
 * for. `admitted` is called at once where there is room for both, else as soon as there is; `failed` where there is none in
 * time.
 */
export function admit(
  request: AdmissionRequest,
  admitted: (admission: Admission) => void,
  failed: (thrown: unknown) => void,
): void {
  const withSlot = (slot: Slot): void => {
    let grant: Awaitable<Grant> | undefined;
    try {
      grant = acquire(request);
    } catch (thrown) {
      slot.release();
      failed(thrown);
      return;
    }
    if (isPromise(grant)) waitWithoutSlot(request, slot, grant).then(admitted, failed);
    else admitted(new Leave(slot, grant));
  };
  const slot = request.core.transport.slot(request.origin, request.client);
  if (slot) withSlot(slot);
  else waitForSlot(request, withSlot, failed);
}

/**
 * Whoever waits for tokens holds no slot meanwhile, or one slow limit would block the origin for all others. If the
 * slots are taken when the tokens come, they go back and are asked for again, this time with a slot in hand.
 */
async function waitWithoutSlot(
  request: AdmissionRequest,
  held: Slot,
  waiting: Promise<Grant>,
): Promise<Admission> {
  held.release();
  const grant = await claim(request, waiting);
  const slot = request.core.transport.slot(request.origin, request.client);
  if (slot) return new Leave(slot, grant);
  grant.refund();
  const own = await new Promise<Slot>((resolve, reject) => waitForSlot(request, resolve, reject));
  try {
    const again = acquire(request);
    return new Leave(own, isPromise(again) ? await claim(request, again) : again);
  } catch (thrown) {
    own.release();
    throw thrown;
  }
}

function acquire({ core, deadline, lane, cost }: AdmissionRequest): Awaitable<Grant> | undefined {
  if (!lane) return undefined;
  return core.pacer.acquire(lane.lane, { cost, deadline: deadline.at, signal: deadline.signal });
}

function waitForSlot(
  { core, deadline, origin, client }: AdmissionRequest,
  granted: (slot: Slot) => void,
  failed: (thrown: unknown) => void,
): void {
  let waits = true;
  const listener: EndListener = {
    ended: (error) => {
      leave();
      failed(error);
    },
  };
  const take = (slot: Slot): void => {
    waits = false;
    deadline.unlisten(listener);
    granted(slot);
  };
  const leave = core.transport.waitForSlot(origin, take, client);
  if (waits) deadline.listen(listener);
}

/** Waits for tokens. The call may end before them: then they go back when they come. */
async function claim({ deadline }: AdmissionRequest, waiting: Promise<Grant>): Promise<Grant> {
  try {
    return await deadline.race(waiting);
  } catch (thrown) {
    waiting.then(
      (grant) => grant.refund(),
      () => {},
    );
    throw thrown;
  }
}

class Leave implements Admission {
  readonly #slot: Slot;
  readonly #grant: Grant | undefined;

  constructor(slot: Slot, grant: Grant | undefined) {
    this.#slot = slot;
    this.#grant = grant;
  }

  get waitedMs(): number {
    return this.#grant?.waitedMs ?? 0;
  }

  finished(): void {
    this.#grant?.release();
    this.#slot.release();
  }

  unused(): void {
    this.#grant?.refund();
    this.#slot.release();
  }
}
