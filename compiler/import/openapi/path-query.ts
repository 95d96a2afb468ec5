/** Paths as documents write them, with a query, or with holes of another template language. */

import type { ApiOperation, ApiParameter } from "../api/model.ts";
import { bareParameter } from "../api/parameters.ts";

/**
 * The operation with its path alone in `path`: holes of a query (`/files?owner={owner}`) are parameters of the query, and
 * `{{id}}` and the `{+id}` and `{id*}` of URI templates (RFC 6570) are the hole `{id}`, if that is what is declared. What
 * else stands in the query stays.
 */
export function withPlainPath(operation: ApiOperation): ApiOperation {
  const declared = new Set(operation.parameters.flatMap((one) => (one.in === "path" ? [one.name] : [])));
  const whole = new Set<string>();
  const path = operation.path
    .replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, "{$1}")
    .replace(/\{([+#./;]?)([^{}*]+)(\*?)\}/g, (hole, sign: string, name: string, star: string) => {
      if (!declared.has(name)) return hole;
      if (sign === "+" || star !== "") whole.add(name);
      return `{${name}}`;
    })
    .replace(/^\/{2,}/, "/");
  const parameters = operation.parameters.map((one) =>
    one.in === "path" && whole.has(one.name) ? { ...one, keepsReserved: true } : one,
  );
  const mark = path.indexOf("?");
  if (mark < 0 || !path.includes("{", mark)) return { ...operation, path, parameters };
  const entries = (path.slice(mark + 1).split("#", 1)[0] ?? "").split("&");
  const fixed = entries.filter((entry) => !entry.includes("{"));
  const own: ApiParameter[] = [];
  const used = new Set<ApiParameter>();
  for (const entry of entries) {
    const [, name = "", hole] = /^([^={]*)=?[^{]*\{([^{}]+)\}/.exec(entry) ?? [];
    if (hole === undefined) continue;
    const found = parameters.find((one) => one.name === hole && /^(?:path|query)$/.test(one.in));
    if (found) used.add(found);
    own.push({ ...(found ?? bareParameter), name: name === "" ? hole : name, in: "query", required: true });
  }
  const known = new Set(own.map(({ name }) => name));
  const others = parameters.filter((one) => !used.has(one) && !(one.in === "query" && known.has(one.name)));
  const query = fixed.filter((entry) => entry !== "").join("&");
  return {
    ...operation,
    path: path.slice(0, mark) + (query === "" ? "" : `?${query}`),
    parameters: [...others, ...own],
  };
}
