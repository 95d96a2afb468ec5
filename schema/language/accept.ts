import type { ResponseType } from "../ir.ts";

/** What a request says that it takes, by the type that its answer is read as. */
export const accepted: { readonly [T in ResponseType]: string } = {
  json: "application/json",
  jsonl: "application/x-ndjson, application/json",
  xml: "application/xml, text/xml",
  csv: "text/csv",
  form: "application/x-www-form-urlencoded, text/plain",
  text: "text/plain, */*",
  binary: "*/*",
};
