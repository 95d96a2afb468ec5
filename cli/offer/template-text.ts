import type { Hole, Template, UrlTemplate, ValueSymbol } from "../../schema/ir.ts";

/** A URL template as an author would write it: `https://{domain}.atlassian.net/rest/api/3/issue/{id}`. */
export function urlText({ origin, path }: UrlTemplate): string {
  switch (origin.kind) {
    case "literal":
      return origin.origin + templateText(path);
    case "host":
      return `${origin.scheme}://${templateText(origin.authority)}${templateText(path)}`;
    case "base":
      return templateText(origin.base) + templateText(path);
  }
}

/** A template as an author would write it. */
export function templateText({ parts }: Template): string {
  return parts.map((part) => (typeof part === "string" ? part : `{${holeText(part)}}`)).join("");
}

function holeText(hole: Hole): string {
  if (hole.kind === "ref") return symbolText(hole.symbol);
  return `${hole.function}(${hole.args.map(templateText).join(", ")})`;
}

function symbolText(symbol: ValueSymbol): string {
  switch (symbol.kind) {
    case "parameter":
    case "extract":
      return symbol.name;
    case "setting":
    case "credential":
      return symbol.key;
    case "oauth":
      return `oauth.${symbol.name}`;
    case "token":
      return "access_token";
    case "grant":
      return symbol.name;
    case "request":
      return `request.${symbol.part}`;
  }
}
