/** A standalone client is not built for paths that need an engine; stands in for it, to say so. */
export function preparePath(): never {
  throw new Error("a standalone client has no JSONPath engine");
}
