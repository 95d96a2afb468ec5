import { systemClock } from "../clock.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, Logger, Random } from "../ports.ts";
import { systemRandom } from "../random.ts";
import type { Gate, GateGrant, GateRequest } from "./gate.ts";
import { type Judgement, judge } from "./judge.ts";
import { Passage, type PassageSettings } from "./passage.ts";
import type { Policy } from "./policy.ts";
import type { GateDecision, ReceiptSink } from "./receipt.ts";
import { Turns } from "./turns.ts";
import { leavesOpen } from "./uncertain.ts";
import { whileRunning } from "./while-running.ts";
import { WriteMemory } from "./write-memory.ts";

/** What a gate is made of. */
export interface GateOptions {
  readonly policy: Policy;
  /** Hears of every decision before it takes effect, and of every end. */
  readonly receipts: ReceiptSink;
  /** At least 32 bytes that the hashes in receipts are keyed with; with the same key they can be compared. Default: random. */
  readonly key?: Uint8Array;
  /** Calls that are remembered so that they are not repeated; more are refused. Default: 10,000. */
  readonly maxRemembered?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

const defaultRemembered = 10_000;
const leastKeyBytes = 32;
/** How long a given key counts where no rule says so: as long as most APIs keep theirs. */
const givenKeySeconds = 86_400;

type Call<T> = (grant: GateGrant) => Promise<T>;

/** A gate by rules: policy and confirmation, then one call at a time about one thing, then no call twice; all with receipts. */
export function createGate(options: GateOptions): Gate {
  const { policy, receipts, key, clock = systemClock, random = systemRandom, logger } = options;
  if (key && key.length < leastKeyBytes)
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message: `\`key\` has ${key.length} bytes; give at least ${leastKeyBytes} random ones.`,
    });
  const settings: PassageSettings = {
    receipts,
    key: key ?? random.bytes(leastKeyBytes),
    clock,
    random,
    logger,
  };
  const turns = new Turns();
  const memory = new WriteMemory(clock, options.maxRemembered ?? defaultRemembered);

  /** Once in its turn: a repeat finds what the call before it left. */
  const once = async <T>(request: GateRequest, judged: Judgement, passage: Passage, call: Call<T>) => {
    const { dedup, argumentsHash } = passage;
    const decision: GateDecision = judged.action === "confirm" ? "confirmed" : "allowed";
    if (dedup === undefined || argumentsHash === undefined) {
      await passage.decided(decision);
      return passage.follow(decision, () => call({}));
    }
    const known = memory.find(dedup);
    if (known && known.argumentsHash !== argumentsHash) {
      await passage.decided("refused");
      throw keyOfAnother();
    }
    if (known?.result) {
      await passage.decided("repeated");
      // Its key is that of one operation and equal arguments, whose result is of this type.
      return repeated(known.result as Promise<T>, request);
    }
    const apiKey = known?.apiKey ?? request.idempotencyKey ?? random.uuid();
    const lifeMs = 1000 * (judged.rule?.dedupSeconds ?? givenKeySeconds);
    return memory.add(dedup, { argumentsHash, apiKey, takesKey: request.takesKey }, lifeMs, async () => {
      await passage.decided(decision);
      return passage.follow(decision, () => call({ idempotencyKey: apiKey }));
    });
  };

  return {
    run: async (request, call) => {
      const judged = judge(policy, request);
      const passage = new Passage(settings, request, judged);
      await admit(request, judged, passage);
      const work = () => once(request, judged, passage, call);
      return passage.entity === undefined ? work() : turns.run(passage.entity, request.signal, work);
    },
  };
}

/** The answer of the call that this one repeats. */
async function repeated<T>(result: Promise<T>, { signal, takesKey }: GateRequest): Promise<T> {
  try {
    return await whileRunning(result, signal);
  } catch (error) {
    if (!ConnectorError.is(error) || signal.aborted || takesKey || !leavesOpen(error)) throw error;
    throw error.with({
      retryable: false,
      message: `${error.message} That call may have been carried out, so it is not made again; look whether it was.`,
    });
  }
}

/** Throws unless the call may be made. */
async function admit(request: GateRequest, { action }: Judgement, passage: Passage): Promise<void> {
  const refuse = async (decision: GateDecision, message: string): Promise<never> => {
    await passage.decided(decision);
    throw denied(message);
  };
  if (action === "deny")
    return refuse("denied", "The policy of this server does not allow this call. Do not try again.");
  if (passage.problem !== undefined) {
    await passage.decided("refused");
    throw unfit(passage.problem);
  }
  if (action === "allow") return;
  if (!request.confirm)
    return refuse(
      "unable",
      "This call needs the consent of a person, and this client cannot ask for it. Use one that supports elicitation.",
    );
  let consent: boolean;
  try {
    consent = await request.confirm();
  } catch (error) {
    await passage.decided("unanswered");
    throw error;
  }
  if (!consent) return refuse("declined", "The person who was asked did not consent to this call.");
}

function denied(message: string): ConnectorError {
  return new ConnectorError({ code: "policy_denied", phase: "request", message });
}

function unfit(message: string): ConnectorError {
  return new ConnectorError({ code: "invalid_parameters", phase: "parameters", message });
}

function keyOfAnother(): ConnectorError {
  return unfit(
    "This idempotency key was given for a call with other arguments. Take a new key for a new call.",
  );
}
