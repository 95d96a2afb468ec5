import { ConnectorError } from "../errors.ts";

/** Waits for what others do, for as long as the caller wants it: an abort ends the waiting, and leaves the others alone. */
export async function whileRunning<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled();
  let stop = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(cancelled());
  });
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function cancelled(): ConnectorError {
  return new ConnectorError({ code: "aborted", phase: "request", message: "The call was cancelled." });
}
