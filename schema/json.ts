/** Plain JSON data, as it stands in the IR. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
/** An embedded JSON Schema (2020-12); `$ref`s point at `#/schemas/<name>` of the connector. */
export type JsonSchema = boolean | JsonObject;
