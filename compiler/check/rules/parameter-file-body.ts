import type { BodyNode, Hole, Template } from "../../../schema/ir.ts";
import type { Rule } from "../rule.ts";

/** How the kinds of body that hold no bytes write them. */
const written: { readonly [type: string]: string } = {
  json: "JSON has no bytes",
  form: "a form of this kind has text alone",
};

export const parameterFileBody: Rule = {
  id: "parameter/file-body",
  severity: "warning",
  summary: "A file in a JSON or form body, which cannot hold its bytes.",
  check: ({ operations }, report) => {
    for (const { declared, operation } of operations) {
      const body = operation?.exchange.body;
      const why = body && written[body.content_type];
      if (!why || body.root === undefined) continue;
      const bare = new Set(holesOf(body.root).flatMap(fileNames));
      for (const { name, at, type } of declared.parameters) {
        if (type !== "file" || !bare.has(name)) continue;
        const key = at.has("field_type") ? "field_type" : "name";
        const kind = declared.at.at("content_type");
        report({
          path: [...at.path, key],
          message: `The bytes of \`${name}\` cannot stand in the body: ${why}.`,
          label: "may be bytes",
          help: `Say \`content_type: multipart\` or \`octet-stream\`, or write {base64({${name}})} in a \`body\` where the API takes base64.`,
          related: kind.exists ? [{ path: kind.path, message: "how the body is written" }] : [],
        });
      }
    }
  },
};

/** The holes whose own values stand in the body, outside of functions. */
function holesOf(node: BodyNode): readonly Hole[] {
  switch (node.kind) {
    case "literal":
      return [];
    case "template":
      return holesIn(node.template);
    case "value":
      return [node.hole];
    case "object":
      return node.entries.flatMap(({ value }) => holesOf(value));
    case "list":
      return node.items.flatMap(holesOf);
  }
}

function holesIn({ parts }: Template): readonly Hole[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : [part]));
}

function fileNames(hole: Hole): readonly string[] {
  return hole.kind === "ref" && hole.symbol.kind === "parameter" ? [hole.symbol.name] : [];
}
