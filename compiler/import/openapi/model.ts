/** An API as both generations of the format describe it: what the two readers make, and all that later steps see. */
import type { DataMap } from "../plain-data.ts";

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

export interface Api {
  readonly info: DataMap;
  readonly documentationUrl: string | undefined;
  readonly servers: readonly unknown[];
  readonly security: readonly DataMap[] | undefined;
  readonly schemes: ReadonlyMap<string, Located>;
  readonly operations: readonly ApiOperation[];
  readonly webhooks: readonly string[];
  /** 2.0, 3.0, 3.1 or 3.2. */
  readonly version: string;
}
