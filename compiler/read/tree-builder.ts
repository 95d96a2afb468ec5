import type { Report } from "../diagnostics.ts";
import type { Pointer, ScalarNode, Span } from "./tree.ts";

const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/** True for names that no author may choose (they reach into JavaScript's own objects). */
export function isForbiddenName(name: string): boolean {
  return forbidden.has(name);
}

/** What both parsers check while they build: duplicate keys (in linear time), forbidden keys, finite numbers. */
export class TreeBuilder {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  map(path: Pointer): { accepts(key: string, span: Span): boolean } {
    const seen = new Map<string, Span>();
    const schema = isInSchema(path);
    return {
      accepts: (key, span) => {
        const first = seen.get(key);
        if (first) {
          this.#report({
            rule: "yaml/duplicate-key",
            path: [...path, key],
            span,
            message: `The key "${key}" stands twice in this map.`,
            help: "Remove one of them; which one counts would be a guess.",
            related: [{ path: [...path, key], at: "key", message: "the first one" }],
          });
          return false;
        }
        seen.set(key, span);
        if (!schema && isForbiddenName(key)) {
          this.#report({
            rule: "names/forbidden",
            path: [...path, key],
            span,
            message: `"${key}" cannot be used as a name.`,
            help: "Choose another name; this one has a meaning of its own in JavaScript.",
          });
          return false;
        }
        return true;
      },
    };
  }

  number(path: Pointer, source: string, value: number, span: Span): ScalarNode {
    if (!Number.isFinite(value)) {
      this.#report({
        rule: "yaml/number",
        path,
        span,
        message: `${source} is not a finite number.`,
        help: "Write a finite number, or put the text in quotes.",
      });
    }
    return { kind: "scalar", span, value: Number.isFinite(value) ? value : 0, style: "plain" };
  }
}

/** Inside an embedded JSON Schema every property name is data. */
function isInSchema(path: Pointer): boolean {
  return path.some(
    (part, index) =>
      part === "response_schema" ||
      part === "schema" ||
      (index === 0 && part === "schemas" && path.length > 1),
  );
}
