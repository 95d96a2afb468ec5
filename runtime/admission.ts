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
 * for. At once where there is room for both.
 */
export function admit(request: AdmissionRequest): Awaitable<Admission> {
  const slot = request.core.transport.slot(request.origin, request.client);
  return slot ? admitHolding(request, slot) : slotInTurn(request, admitHolding);
}

function admitHolding(request: AdmissionRequest, slot: Slot): Awaitable<Admission> {
  const grant = acquire(request, slot);
  return isPromise(grant) ? waitWithoutSlot(request, slot, grant) : new Leave(slot, grant);
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
  const own = await slotInTurn(request, (_, held) => held);
  try {
    const again = acquireHolding(request);
    return new Leave(own, isPromise(again) ? await claim(request, again) : again);
  } catch (thrown) {
    own.release();
    throw thrown;
  }
}

function acquire(request: AdmissionRequest, slot: Slot): Awaitable<Grant> | undefined {
  try {
    return acquireHolding(request);
  } catch (thrown) {
    slot.release();
    throw thrown;
  }
}

function acquireHolding({ core, deadline, lane, cost }: AdmissionRequest): Awaitable<Grant> | undefined {
  if (!lane) return undefined;
  return core.pacer.acquire(lane.lane, { cost, deadline: deadline.at, signal: deadline.signal });
}

/** Waits for a slot, and settles with what is made of it. */
function slotInTurn<T>(
  request: AdmissionRequest,
  use: (request: AdmissionRequest, slot: Slot) => Awaitable<T>,
): Promise<T> {
  const { core, deadline, origin, client } = request;
  return new Promise((resolve, reject) => {
    let granted = false;
    const listener: EndListener = {
      ended: (error) => {
        leave();
        reject(error);
      },
    };
    const take = (slot: Slot): void => {
      granted = true;
      deadline.unlisten(listener);
      try {
        resolve(use(request, slot));
      } catch (thrown) {
        reject(thrown);
      }
    };
    const leave = core.transport.waitForSlot(origin, take, client);
    if (!granted) deadline.listen(listener);
  });
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
