import { afterEach } from "vitest";
import type { ConnectOptions } from "../../runtime/index.ts";
import type { Handler, Routes } from "../../runtime/testing/index.ts";
import { type Played, play } from "./shipped.ts";

/** One shipped connector at a time, closed after each test. */
export interface Stage {
  start(connector: string, routes: Routes | Handler, options?: ConnectOptions): Promise<Played>;
  /** Lets the clock run from the next request on until the call settles: modules load on the real one. */
  run<T>(call: Promise<T>): Promise<T>;
}

/** Sets the stage for the tests of a file. */
export function createStage(): Stage {
  let open: Played | undefined;
  afterEach(async () => {
    await open?.close();
    open = undefined;
  });
  return {
    start: async (connector, routes, options) => {
      open = await play(connector, routes, options);
      return open;
    },
    run: async (call) => {
      let settled = false;
      const end = (): void => {
        settled = true;
      };
      call.then(end, end);
      const asked = open?.server.requests.length;
      while (!settled) await open?.clock.advance(open.server.requests.length === asked ? 0 : 50);
      return call;
    },
  };
}

/** All that an async iteration gives. */
export async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The bytes of an answer that is bytes. */
export function bytesOf(data: unknown): number[] {
  if (data instanceof Uint8Array) return [...data];
  throw new Error("the answer is no bytes");
}
