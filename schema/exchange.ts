/**
 * Requests and answers in the IR: templates with their holes bound, URLs, bodies, and the rule for the answer. One
 * node, `exchange`, serves operations, chain steps, token calls and checks.
 */
import type { FieldType } from "./ir.ts";
import type { Json, JsonSchema } from "./json.ts";
import type { FunctionName } from "./language/functions.ts";
import type { JsonPath } from "./language/jsonpath.ts";

// --- templates -----------------------------------------------------------------------------------------

/** Literal text and holes in order. Literal text is already in the form that its place needs. */
export interface Template {
  readonly parts: readonly (string | Hole)[];
}

export type Hole = RefHole | CallHole;

export interface RefHole {
  readonly kind: "ref";
  readonly symbol: ValueSymbol;
  readonly context: Context;
  /** The value may be absent: then the entry goes. */
  readonly optional: boolean;
  readonly secret: boolean;
  readonly type: FieldType;
  /** In a path: how a parameter's list, map or labelled value is written. */
  readonly style?: HoleStyle;
}

/** A parameter's serialisation in a path (OpenAPI 3.1, Style Values); `name` is what `matrix` writes. */
export interface HoleStyle {
  readonly name: string;
  readonly style: "simple" | "label" | "matrix";
  readonly explode: boolean;
}

export interface CallHole {
  readonly kind: "call";
  readonly function: FunctionName;
  /** Holes inside have the context `raw`. */
  readonly args: readonly Template[];
  readonly context: Context;
  readonly optional: boolean;
  readonly secret: boolean;
}

/**
 * Where a hole stands, and so how its value is encoded or refused:
 * `authority` a whole host[:port]; `host` labels inside a host; `port`; `base_url` a whole https URL without query;
 * `path` one segment's text; `path_slashes` the same, inner slashes kept; `header` no CR, LF, NUL; `raw` as it is
 * (function arguments, cache keys).
 */
export type Context =
  | "authority"
  | "host"
  | "port"
  | "base_url"
  | "path"
  | "path_slashes"
  | "query"
  | "header"
  | "cookie"
  | "form"
  | "json"
  | "xml"
  | "text"
  | "multipart"
  | "raw";

/** What a hole's name was bound to. */
export type ValueSymbol =
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "setting"; readonly key: string }
  /** `member`: a field of a JSON credential, such as a service account's `client_email`. */
  | { readonly kind: "credential"; readonly key: string; readonly member?: string }
  | { readonly kind: "extract"; readonly step: string; readonly name: string }
  | { readonly kind: "oauth"; readonly name: string }
  /** The profile's token in use. */
  | { readonly kind: "token" }
  /** What a grant brings into its own token calls, such as the code of a login. */
  | { readonly kind: "grant"; readonly name: GrantValue }
  | { readonly kind: "request"; readonly part: "method" | "host" | "path" | "query" | "body" };

export type GrantValue =
  | "assertion"
  | "code"
  | "code_challenge"
  | "code_verifier"
  | "redirect_uri"
  | "refresh_token"
  | "request_token"
  | "request_token_secret"
  | "state"
  | "verifier";

// --- exchanges -----------------------------------------------------------------------------------------

/** A request template and the rule for its answer: operations, chain steps, token calls and checks alike. */
export interface Exchange {
  readonly kind: "http";
  /** `operation:list_issues`, `step:ws_token`, `test:api_key`: for messages and telemetry. */
  readonly id: string;
  readonly method: Method;
  readonly url: UrlTemplate;
  readonly query: readonly Entry[];
  readonly headers: readonly Entry[];
  readonly cookies: readonly Entry[];
  readonly body?: Body;
  readonly response: ResponseRule;
}

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

export interface UrlTemplate {
  readonly origin: UrlOrigin;
  /** Begins with `/`, or is empty under a `base` origin. Literal text is percent-encoded as written. */
  readonly path: Template;
}

export type UrlOrigin =
  /** `https://api.github.com`, no trailing slash, default port left out. */
  | { readonly kind: "literal"; readonly origin: string }
  | { readonly kind: "host"; readonly scheme: "https" | "http"; readonly authority: Template }
  /** The whole base URL is a value, and may bring a path of its own. */
  | { readonly kind: "base"; readonly base: Template };

/** A named value of a query, a header block, a cookie or a form. */
export type Entry =
  | {
      readonly kind: "template";
      readonly name: string;
      readonly value: Template;
      /** In a query: the name stands alone, without `=`; the value is empty. */
      readonly bare?: true;
    }
  | ParameterEntry;

/** A parameter with its serialisation (OpenAPI 3.1, Parameter Object styles). */
export interface ParameterEntry {
  readonly kind: "parameter";
  readonly name: string;
  readonly parameter: string;
  readonly style: ParameterStyle;
  readonly explode: boolean;
}

export type ParameterStyle =
  | "form"
  | "spaceDelimited"
  | "pipeDelimited"
  | "deepObject"
  | "simple"
  | "label"
  | "matrix"
  /** Not of OpenAPI: true is the name alone, false is no entry. */
  | "flag";

export type Body =
  | {
      readonly content_type: "json" | "multipart" | "xml";
      readonly media_type: string;
      readonly root: BodyNode;
    }
  | {
      readonly content_type: "form";
      readonly media_type: string;
      readonly root: BodyNode;
      /** Fields whose lists are written in brackets, `a[]=1`; those of others repeat the name. */
      readonly deep?: readonly string[];
    }
  | { readonly content_type: "text" | "binary"; readonly media_type: string; readonly root: BodyNode };

export type BodyNode =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "template"; readonly template: Template }
  /** A string that is one hole alone: the value keeps its type. */
  | { readonly kind: "value"; readonly hole: Hole }
  | {
      readonly kind: "object";
      readonly entries: readonly { readonly key: string; readonly value: BodyNode }[];
      /** It stays where all that could stand in it is absent. */
      readonly keep?: true;
    }
  | { readonly kind: "list"; readonly items: readonly BodyNode[] };

/** `form`: an urlencoded answer, as OAuth 1 token endpoints give it; it reads as an object of texts. */
export type ResponseType = "json" | "text" | "binary" | "xml" | "csv" | "jsonl" | "form";

/** Inclusive range of status codes. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

export interface ResponseRule {
  readonly type: ResponseType;
  readonly success_status: readonly StatusRange[];
  readonly records: JsonPath;
  readonly error_message?: JsonPath;
  readonly error_code?: JsonPath;
  readonly schema?: JsonSchema;
}

/** All given parts must hold. */
export interface Matcher {
  readonly status?: readonly StatusRange[];
  readonly header?: { readonly name: string } & ValueTest;
  readonly json?: { readonly path: JsonPath } & ValueTest;
  readonly text?: { readonly contains: string };
}

export interface ValueTest {
  readonly equals?: Json;
  readonly in?: readonly Json[];
  readonly exists?: boolean;
  /** Linear-time regular expression, searched for. */
  readonly matches?: string;
}
