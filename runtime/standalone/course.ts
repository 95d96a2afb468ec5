/** The time of one call: its limit, the caller's signal, or the end of the client, whichever comes first. */
import { closed, failure } from "./errors.ts";
import type { CallOptions } from "./types.ts";
import type { World } from "./world.ts";

export interface Course {
  readonly signal: AbortSignal;
  /** clock.now() milliseconds. */
  readonly deadline: number;
  readonly priority: CallOptions["priority"];
  /** Rejects at the end, whatever becomes of the promise. */
  race<T>(promise: Promise<T> | T): Promise<T>;
  sleep(ms: number): Promise<void>;
}

/** Runs `run` within `ms`. */
export async function inCourse<T>(
  world: World,
  ms: number,
  { signal: given, priority }: CallOptions,
  run: (course: Course) => Promise<T>,
): Promise<T> {
  const { clock, running } = world;
  if (!world.isOpen()) throw closed();
  if (!(ms > 0)) throw failure("invalid_parameters", "`timeoutMs` must be more than 0.");
  if (!/^(?:high|normal|low)$/.test(priority ?? "low"))
    throw failure("invalid_parameters", "`priority` must be one of high, normal, low.");
  const controller = new AbortController();
  const { signal } = controller;
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  ended.catch(() => {});
  const race = <T>(promise: Promise<T> | T): Promise<T> => Promise.race([ended, promise]);
  const stop = (): void =>
    controller.abort(
      failure("aborted", "The call was aborted by its caller. Call again.", { cause: given?.reason }),
    );
  if (given?.aborted) stop();
  given?.addEventListener("abort", stop);
  const timer = clock.timer(ms, () =>
    controller.abort(
      failure(
        "deadline_exceeded",
        `The call did not finish within ${Math.round(ms)} ms. Raise \`timeoutMs\`, or try again later.`,
        { retryable: true },
      ),
    ),
  );
  running.add(controller);
  try {
    return await run({
      signal,
      deadline: clock.now() + ms,
      priority,
      race,
      sleep: (wait) => {
        let pause: { cancel(): void } | undefined;
        const over = new Promise<void>((resolve) => {
          pause = clock.timer(wait, resolve);
        });
        return race(over).finally(() => pause?.cancel());
      },
    });
  } finally {
    timer.cancel();
    given?.removeEventListener("abort", stop);
    running.delete(controller);
    if (running.size === 0) world.idle?.();
  }
}
