import type { Handler, ReceivedRequest, Reply, Routes } from "./server-types.ts";

/** The answer that fits a request, with what its path held. */
export interface Match {
  readonly handler: Handler;
  readonly params: { readonly [name: string]: string };
  readonly count: number;
}

/** Finds the route of a request and counts it; undefined where none fits. */
export type Router = (request: ReceivedRequest) => Match | undefined;

/** Compiles routes once. Throws where a key is not `METHOD /path`. */
export function createRouter(routes: Routes | Handler): Router {
  const compiled =
    typeof routes === "function" ? [route("* /*", routes)] : Object.entries(routes).map(routeOf);
  return (request) => {
    for (const candidate of compiled) {
      const params = candidate.fits(request);
      if (params === undefined) continue;
      candidate.count++;
      return { handler: candidate.handler, params, count: candidate.count };
    }
    return undefined;
  };
}

interface CompiledRoute {
  readonly handler: Handler;
  readonly fits: (request: ReceivedRequest) => { [name: string]: string } | undefined;
  count: number;
}

function routeOf([key, answer]: [string, Reply | Handler]): CompiledRoute {
  return route(key, typeof answer === "function" ? answer : () => answer);
}

function route(key: string, handler: Handler): CompiledRoute {
  const [method = "", path = ""] = key.split(" ");
  if (!path.startsWith("/")) throw new Error(`a route is "METHOD /path", not ${JSON.stringify(key)}`);
  const parts = path.split("/");
  const fits: CompiledRoute["fits"] = (request) =>
    method === "*" || method === request.method ? matchPath(parts, request.path.split("/")) : undefined;
  return { handler, fits, count: 0 };
}

/** `:name` takes one segment, a `*` at the end takes all that is left. */
function matchPath(
  parts: readonly string[],
  segments: readonly string[],
): { [name: string]: string } | undefined {
  const params: { [name: string]: string } = {};
  for (const [at, part] of parts.entries()) {
    if (part === "*" && at === parts.length - 1) return params;
    const segment = segments[at];
    if (segment === undefined) return undefined;
    if (part.startsWith(":")) params[part.slice(1)] = decoded(segment);
    else if (part !== segment) return undefined;
  }
  return segments.length === parts.length ? params : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
