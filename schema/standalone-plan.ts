/**
 * What a standalone client runs by: the representation of a connector, bound and flattened when the client is built, so that
 * the core that reads it is small. Whatever has its usual value is left out.
 */
import type { Context, FieldType, Json, Limit, OAuth1Method, ResponseType, StepLife } from "./ir.ts";
import type { PathStep } from "./language/jsonpath.ts";

/**
 * Where a value comes from: `p:` a parameter, `s:` a setting, `c:` a credential (`c:key`, a member of it behind a line break),
 * `x:` an extract (step, line break, name), `o:` a value of a grant, `t:` the token in use, `g:` what a grant brings into its
 * own calls, `r:` a part of the request.
 */
export type ValueKey = string;

/** Literal text, or text and holes in order. */
export type Text = string | readonly (string | Hole)[];

/** Bits of a hole. */
export const optionalHole = 1;
export const secretHole = 2;

/** A value, or a call (`=name`) with its arguments. */
export type Hole =
  | readonly [key: ValueKey, context: Context, bits: number, style?: HoleStyle]
  | readonly [call: `=${string}`, context: Context, bits: number, args: readonly Text[]];

export type HoleStyle = readonly [name: string, style: "simple" | "label" | "matrix", explode: boolean];

/** A template; a name alone (`bare`); or a parameter in its style. */
export type EntryPlan =
  | readonly [name: string, value: Text]
  | readonly [name: string, value: string, style: string, explode?: boolean];

export type NodePlan =
  | readonly ["literal", Json]
  | readonly ["text", Text]
  | readonly ["value", Hole]
  | readonly ["object", readonly (readonly [string, NodePlan])[]]
  | readonly ["list", readonly NodePlan[]];

export interface BodyPlan {
  readonly kind: "json" | "form" | "multipart" | "xml" | "text" | "binary";
  readonly type: string;
  readonly root: NodePlan;
  /** Fields of a form whose lists stand in brackets. */
  readonly deep?: readonly string[];
}

/** `https://host`, a host in two parts, or a whole base URL. */
export type OriginPlan =
  | string
  | { readonly scheme: "https" | "http"; readonly host: Text }
  | { readonly base: Text };

/** Inclusive. */
export type Range = readonly [from: number, to: number];

export interface ExchangePlan {
  readonly method: string;
  readonly origin: OriginPlan;
  /** An answer or a key file takes part in the origin. */
  readonly foreign?: true;
  readonly path: Text;
  readonly query?: readonly EntryPlan[];
  readonly headers?: readonly EntryPlan[];
  /** Headers that are made of the request. */
  readonly late?: readonly EntryPlan[];
  readonly cookies?: readonly EntryPlan[];
  readonly body?: BodyPlan;
  /** JSON unless another is said. */
  readonly type?: ResponseType;
  /** Indexes into the limits that it counts against, the narrowest first. */
  readonly limits?: readonly number[];
  /** What it costs of them; 1 unless said. */
  readonly cost?: number;
  readonly retry?: RetryPlan;
  readonly errors?: readonly RulePlan[];
  /** 200 to 299 unless said. */
  readonly ok?: readonly Range[];
  readonly records?: readonly PathStep[];
  readonly message?: readonly PathStep[];
  readonly code?: readonly PathStep[];
}

export interface PlacementPlan {
  readonly query?: readonly EntryPlan[];
  /** Query entries that are made of the request. */
  readonly late?: readonly EntryPlan[];
  readonly headers?: readonly EntryPlan[];
  readonly cookies?: readonly EntryPlan[];
}

export interface MatcherPlan {
  readonly status?: readonly Range[];
  readonly header?: TestPlan & { readonly name: string };
  readonly json?: TestPlan & { readonly path: readonly PathStep[] };
  readonly text?: string;
}

export interface TestPlan {
  readonly equals?: Json;
  readonly in?: readonly Json[];
  readonly exists?: boolean;
}

/** Bits of a field or a parameter. */
export const requiredField = 1;
export const secretField = 2;
/** A setting that only a URL implies; of a parameter: a map or a list in a body. */
export const specialField = 4;
/** A required parameter that may be null, as its schema says. */
export const nullField = 8;

export interface FieldPlan {
  readonly key: string;
  /** Text unless said. */
  readonly type?: FieldType;
  readonly bits?: number;
  readonly default?: Json;
  readonly pattern?: string;
  readonly enum?: readonly Json[];
  readonly format?: string;
}

export interface JwtPlan {
  readonly algorithm: string;
  readonly key: Text;
  readonly encoding?: "hex" | "base64";
  readonly id?: Text;
  readonly headers: readonly (readonly [string, Text])[];
  readonly claims: NodePlan;
  readonly seconds: number;
}

export type SignerPlan =
  | {
      readonly kind: "oauth1";
      readonly method: OAuth1Method;
      readonly consumerKey: Text;
      readonly consumerSecret: Text;
      readonly token?: Text;
      readonly tokenSecret?: Text;
      readonly realm?: Text;
      readonly extra: readonly (readonly [string, Text])[];
    }
  | {
      readonly kind: "aws_sigv4";
      readonly service: Text;
      readonly region: Text;
      readonly accessKeyId: Text;
      readonly secretAccessKey: Text;
      readonly sessionToken?: Text;
    }
  | { readonly kind: "digest"; readonly username: Text; readonly password: Text }
  | {
      readonly kind: "wsse";
      readonly header: string;
      readonly username: Text;
      readonly password: Text;
      readonly nonce: "base64" | "hex";
      readonly digest: "base64" | "hex";
    };

export interface ExtractPlan {
  readonly kind: "json" | "header" | "cookie" | "text";
  readonly name: string;
  /** Of a header or cookie. */
  readonly from?: string;
  /** Tried in order. */
  readonly paths?: readonly (readonly PathStep[])[];
  readonly optional?: boolean;
  readonly joined?: boolean;
}

export interface StepPlan extends ExchangePlan {
  readonly name: string;
  readonly extract: readonly ExtractPlan[];
  readonly life: StepLife;
  /** All that flows into it, over the steps before it, too. */
  readonly inputs: readonly ValueKey[];
  readonly cache?: Text;
  /** Indexes of the steps whose values it reads. */
  readonly from?: readonly number[];
  /** Requests send what it gives. */
  readonly sent?: true;
  readonly signer?: SignerPlan;
  readonly assertion?: JwtPlan;
  /** A call of a token endpoint, whose refusal may come with a status of success. */
  readonly grant?: true;
}

export interface ProfilePlan {
  readonly id: string;
  readonly fields: readonly FieldPlan[];
  /** A profile without credentials. */
  readonly none?: true;
  /** Takes tokens that were obtained elsewhere. */
  readonly tokens?: true;
  /** Its field `token` is the token in use. */
  readonly bearer?: true;
  /** The user name of Basic authentication. */
  readonly user?: string;
  readonly steps?: readonly StepPlan[];
  /** The step that gives the token, and under which name. */
  readonly token?: readonly [step: number, name: string];
  readonly refresh?: StepPlan;
  readonly after?: readonly StepPlan[];
  readonly keep?: true;
  readonly jwt?: JwtPlan;
  readonly expired?: readonly MatcherPlan[];
  /** Of the descriptor's own, for destinations that answers name. */
  readonly origins?: readonly OriginPlan[];
  readonly hosts?: readonly string[];
  readonly signer?: SignerPlan;
}

type ResetUnit = NonNullable<NonNullable<Limit["response_headers"]>["reset"]>["unit"];

export interface LimitPlan {
  readonly name: string;
  readonly scope: "per_account" | "per_user" | "per_token" | "per_connection";
  readonly limit: number;
  readonly seconds: number;
  readonly burst?: number;
  readonly concurrent?: number;
  readonly smooth?: true;
  readonly shared?: true;
  readonly remaining?: string;
  readonly reset?: readonly [header: string, unit: ResetUnit];
}

export type SlotPlan = readonly ["parameter" | "query" | "header", string] | readonly ["body", ...string[]];

export interface PagePlan {
  readonly kind: "cursor" | "offset" | "page" | "link_header";
  readonly slot?: SlotPlan;
  readonly sizeSlot?: SlotPlan;
  readonly size?: number;
  readonly more?: readonly PathStep[];
  readonly total?: readonly PathStep[];
  readonly stop?: readonly MatcherPlan[];
  readonly short?: true;
  readonly most: number;
  readonly keys?: readonly (readonly PathStep[])[];
  /** Of page numbers; 1 unless said. */
  readonly start?: number;
  /** Where a cursor is: a header's name, or a path and what it begins at. */
  readonly source?: "path" | "header" | "next_url" | "record";
  readonly header?: string;
  readonly path?: readonly PathStep[];
  readonly beside?: readonly (readonly [path: readonly PathStep[], slot: SlotPlan])[];
}

export interface RulePlan {
  readonly when: MatcherPlan;
  readonly action: "fail" | "retry" | "ignore" | "refresh_credentials";
  readonly code?: string;
  readonly message?: string;
}

/** Most attempts, statuses, first and longest wait in milliseconds. */
export type RetryPlan = readonly [
  attempts: number,
  statuses: readonly number[],
  first: number,
  longest: number,
];

export interface OperationPlan extends ExchangePlan {
  readonly id: string;
  readonly parameters?: readonly FieldPlan[];
  readonly auth?: readonly (readonly [profile: string, placement: PlacementPlan])[];
  readonly pages?: PagePlan;
  readonly timeout?: number;
  /** Not safe to send twice. */
  readonly once?: true;
  /** The header of an idempotency key. */
  readonly guard?: string;
  readonly deprecated?: string;
}

/** What the values of a plan tell, beside its keys, of what a client has to do. */
export type PlanTrait =
  /** Paging or an idempotency key adds headers. */
  | "addedHeaders"
  /** Query entries that the author wrote without a value. */
  | "bare"
  /** Bodies with lists that the author wrote. */
  | "bodyLists"
  /** Bodies with templates in them. */
  | "bodyTexts"
  /** Templates that read what a grant brings. */
  | "brings"
  /** Limits with a burst, and smooth ones. */
  | "buckets"
  /** Calls of template functions. */
  | "calls"
  /** Something that is sent or kept goes by the time of its server. */
  | "clocked"
  /** Pages by their number, or by how many records to skip. */
  | "countedPages"
  /** Entries of operations that are made of no parameter. */
  | "constants"
  /** Limits that count the calls that run. */
  | "counted"
  /** Requests may go where an answer leads, or a setting. */
  | "elsewhere"
  /** Profiles whose credentials are sent as they are given. */
  | "fieldProfiles"
  | "files"
  /** Query entries that stand without a value. */
  | "flags"
  /** Bodies of named fields that are no JSON. */
  | "forms"
  /** Paging puts values into headers. */
  | "headerSlots"
  /** Requests may go where they must not, as far as a build can tell. */
  | "judged"
  /** Credentials of several members. */
  | "keyFiles"
  | "bodySlots"
  /** Paths with wildcards or slices. */
  | "manyPaths"
  /** Operations of more than one origin. */
  | "manyOrigins"
  /** Profiles of more than one field. */
  | "manyFields"
  | "manyProfiles"
  /** Chains of more than one step. */
  | "manySteps"
  /** Answers that name the URL of the next page. */
  | "nextUrls"
  /** Required parameters that may be null. */
  | "nulls"
  /** Templates or tokens are values of a grant. */
  | "oauthValues"
  /** What steps give that is no secret. */
  | "openValues"
  /** Credentials and secrets go into the query. */
  | "ownQuery"
  /** Tokens that whoever connects has already. */
  | "ownTokens"
  /** Steps whose answers are no JSON. */
  | "parsedSteps"
  /** Token endpoints of OAuth, which say what no later try can help. */
  | "permanent"
  /** A question mark in a path that the author wrote. */
  | "queryInPath"
  /** Paging puts values into queries, other than by a parameter. */
  | "querySlots"
  /** Something is made of the request. */
  | "requestParts"
  /** Descriptors that say where answers tell what went wrong. */
  | "said"
  /** Answers that say where the next page is. */
  | "serverPages"
  /** The size of pages is known. */
  | "sized"
  /** Pages that say themselves whether they are the last. */
  | "stops"
  /** Values that are lists or maps. */
  | "structures"
  /** Lists, maps or labelled values in paths. */
  | "styledSegments"
  /** Bodies that the author wrote as text. */
  | "textBodies"
  /** Something that is sent tells the time. */
  | "timed"
  | "xmlBodies";

export interface Plan {
  readonly slug: string;
  readonly hash: string;
  readonly settings?: readonly FieldPlan[];
  readonly profiles?: readonly ProfilePlan[];
  readonly limits?: readonly LimitPlan[];
  readonly operations: readonly OperationPlan[];
}
