/** An API as documents, collections and recordings tell of it: what their readers make, and all that later steps see. */
import type { Body, ConnectionSetting } from "../../../schema/descriptor.ts";
import type { Notes } from "../notes.ts";
import type { DataMap } from "../plain-data.ts";
import type { Part } from "./security-part.ts";

/** A value of a document, with what its references are relative to. */
export interface Located {
  readonly value: unknown;
  /** The file that it stands in; the document itself is the empty text. */
  readonly file: string;
  /** JSON Pointer within the file, for notes. */
  readonly at: string;
}

export interface ApiContent {
  readonly mediaType: string;
  readonly schema: Located | undefined;
  /** How each property of a form is written (OpenAPI's Encoding Objects). */
  readonly encoding: DataMap;
  /** Schema of the items of a stream (OpenAPI 3.2, `itemSchema`). */
  readonly items: Located | undefined;
  /** Has whole examples, which no descriptor keeps. */
  readonly hasExamples?: boolean;
  /** A body of a fixed shape; `hole` gives what stands for a property of the schema. */
  readonly template?: (hole: (property: string) => string) => Body;
}

export interface ApiParameter {
  readonly name: string;
  /** `path`, `query`, `header` or `cookie`; `querystring` in 3.2; anything in documents that are wrong. */
  readonly in: string;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  readonly style: string | undefined;
  readonly explode: boolean | undefined;
  readonly schema: Located | undefined;
  /** A parameter that is written as a document of its own. */
  readonly content: ApiContent | undefined;
  readonly example: unknown;
  /** `allowReserved`: characters such as `/` stand as they are. */
  readonly keepsReserved?: boolean;
  readonly at: string;
}

export interface ApiBody {
  /** As written; absent where the document does not say. */
  readonly required: boolean | undefined;
  readonly description: string | undefined;
  readonly contents: readonly ApiContent[];
  readonly at: string;
}

export interface ApiResponse {
  /** `200`, `4XX`, `default`. */
  readonly status: string;
  readonly description: string | undefined;
  readonly contents: readonly ApiContent[];
  readonly headers: readonly string[];
  readonly links: readonly string[];
  readonly at: string;
}

export interface ApiOperation {
  readonly path: string;
  /** In upper case. */
  readonly method: string;
  readonly id: string | undefined;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** Alternatives, each of which names schemes that are needed together; undefined where the document's own apply. */
  readonly security: readonly DataMap[] | undefined;
  /** Servers of its own, else none. */
  readonly servers: readonly unknown[];
  readonly parameters: readonly ApiParameter[];
  readonly body: ApiBody | undefined;
  readonly responses: readonly ApiResponse[];
  readonly callbacks: readonly string[];
  /** Changes nothing, whatever its method says. */
  readonly reads?: boolean;
  /** Headers that are the same in every call. */
  readonly fixedHeaders?: { readonly [name: string]: string };
  /** What is not carried of it, a sentence each. */
  readonly remarks?: readonly string[];
  readonly at: string;
}

export interface PathItem {
  readonly path: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly servers: readonly unknown[];
  /** Parameters of all its operations. */
  readonly shared: readonly Located[];
}

/** The parts of a profile that a security scheme makes: several where it can be done in several ways, of which a user takes one. */
export type Scheme = (baseUrl: string, notes: Notes) => readonly Part[];

export interface Api {
  readonly info: DataMap;
  readonly documentationUrl: string | undefined;
  readonly servers: readonly unknown[];
  readonly security: readonly DataMap[] | undefined;
  readonly schemes: ReadonlyMap<string, Scheme>;
  /** What differs from connection to connection beside the servers' variables; holes of paths may name them. */
  readonly settings: readonly ConnectionSetting[];
  readonly operations: readonly ApiOperation[];
  readonly webhooks: readonly string[];
}
