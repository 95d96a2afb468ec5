import type { Reference } from "../../lower/lowering.ts";
import { isHostContext } from "../../lower/scope.ts";
import type { Pointer } from "../../read/tree.ts";

/** Where a value arrives. */
export type Sink =
  | "host"
  | "port"
  | "path or query"
  /** `auth_query`, or a token call with `client_auth: query`: the author says that the API knows no other way. */
  | "credential query"
  | "header"
  | "cookie"
  | "body"
  /** A token call's form, a signer's settings. */
  | "token call"
  /** Enters a keyed hash, which is all that is kept. */
  | "cache key";

/** The sink of a reference, by the key that its template stands under. */
export function sinkOf({ context, path, section }: Reference): Sink {
  if (context === "port") return "port";
  if (isHostContext(context)) return "host";
  const key = keyOf(path);
  switch (key) {
    case "base_url":
    case "endpoint":
    case "url":
    case "token_url":
    case "refresh_url":
    case "authorize_url":
    case "authorize_params":
    case "query":
    case "query_params":
      return "path or query";
    case "auth_query":
      return "credential query";
    case "auth_cookies":
      return "cookie";
    case "body":
      return "body";
    case "cache_key":
      return "cache key";
    case "headers":
    case "auth_headers":
      return "header";
    default:
      return section === "oauth" && context === "query" ? "credential query" : "token call";
  }
}

/** The key of an exchange that a path goes through: `headers` of `operations/0/headers/X-Key`. */
function keyOf(path: Pointer): string | number | undefined {
  switch (path[0]) {
    case "operations":
      return path[2];
    case "credential_chains":
      return path[4];
    case "defaults":
      return path[1];
    case "authentication":
      return path[2] === "test_endpoint" || path[2] === "oauth" ? path[3] : path[2];
    default:
      return path[0];
  }
}
