import type { Awaitable } from "../ports.ts";

type Http1 = typeof import("./connection.ts");

let loaded: Http1 | undefined;
let loading: Promise<Http1> | undefined;

/**
 * What speaks HTTP/1.1, and undici with it: half of what the runtime is, to load. A service that imports the runtime does
 * not wait for it: it is loaded beside its first connections. Rejects where the files cannot be read; the next call tries again.
 */
export function http1(): Awaitable<Http1> {
  return loaded ?? loadHttp1();
}

/** Begins to load it, for who will need it soon. */
export function prepareHttp1(): void {
  if (!loaded) loadHttp1().catch(() => {}); // who needs it then is told
}

/** Settles when what is being loaded is there, or is not to be had; undefined where nothing is. */
export function http1Loading(): Promise<unknown> | undefined {
  return loaded ? undefined : loading?.catch(() => {});
}

function loadHttp1(): Promise<Http1> {
  loading ??= import("./connection.ts").then(
    (module) => {
      loaded = module;
      return module;
    },
    (thrown) => {
      loading = undefined;
      throw thrown;
    },
  );
  return loading;
}
