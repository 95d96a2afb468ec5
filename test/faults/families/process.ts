/** Faults that need a process of their own: `processes.slow.test.ts` makes them. */
import { anyPlace, everywhere, fails, type Told } from "../fault.ts";

export const noDescriptors: Told = {
  name: "no free file descriptor (EMFILE)",
  at: anyPlace,
  seen: everywhere(fails("network_error", 3, true)),
  todo: "Raise the process's limit (`ulimit -n`), or lower `network.connectionsPerOrigin`",
};

export const terminated: Told = {
  name: "SIGTERM in the middle of a call, where the host closes the runtime",
  at: anyPlace,
  seen: everywhere({ code: ["ok", "aborted"] }),
  todo: "Call `close()` on SIGTERM: running calls have 10 s to end, then the process is free to exit",
};

export const diskFull: Told = {
  name: "a full disk under the file store",
  at: ["operation", "chain step", "refresh"],
  seen: everywhere({ code: "state_unavailable", retryable: true }),
  todo: "Make room, and call again: no refresh token was spent",
};

/** In test/runtime/credentials/killed.slow.test.ts. */
const killed: Told = {
  name: "SIGKILL of the process that refreshes",
  at: ["refresh"],
  seen: everywhere({ code: ["ok", "reauthorization_required"] }),
  todo: "The next process waits for the lease to end (9.3 s at most) and tries once; where the token was spent, the user must sign in",
};

/** In aborts.test.ts. */
const abandoned: Told = {
  name: "an abort by the caller, at any moment",
  at: ["operation", "chain step", "refresh"],
  seen: everywhere({ code: "aborted", retryable: false }),
  todo: "After a write without a key: look first, it may have been done",
};

export const processFaults: readonly Told[] = [noDescriptors, diskFull, killed, terminated, abandoned];
