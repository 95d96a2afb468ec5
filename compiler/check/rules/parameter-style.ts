import { list } from "../../../schema/language/spelling.ts";
import { contentType } from "../../lower/body.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredParameter } from "../../lower/declared.ts";
import type { Rule } from "../rule.ts";

/** OpenAPI 3.1, Parameter Object, "Style Values", and our `flag`. */
const styles: { readonly [location: string]: readonly string[] } = {
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject", "flag"],
  path: ["simple", "label", "matrix"],
  header: ["simple"],
  cookie: ["form"],
  body: ["deepObject"],
};

export const parameterStyle: Rule = {
  id: "parameter/style",
  severity: "error",
  summary: "A `style` or `body_path` that the parameter's location or type does not have.",
  check: ({ declared, lowering }, report) => {
    const all = declared.operations.flatMap(({ at, parameters }) =>
      parameters.map((parameter) => ({
        parameter,
        // A content type that was told of may mean a form.
        isForm: isForm(at) || lowering.isBroken([...at.path, "content_type"]),
      })),
    );
    for (const { parameter, isForm } of all) {
      const { at, location } = parameter;
      const style = at.at("style").string();
      const wrong = style === undefined ? undefined : wrongStyle(style, parameter, isForm);
      const place = { path: [...at.path, "location"], message: "where it is sent" };
      if (wrong) report({ path: [...at.path, "style"], ...wrong, related: [place] });
      if (location !== "body" && at.has("body_path"))
        report({
          path: [...at.path, "body_path"],
          at: "key",
          message: `A ${location} parameter has no place in the body.`,
          help: "Remove `body_path`, or say `location: body`.",
          related: [place],
        });
    }
  },
};

function isForm(operation: Cursor): boolean {
  return contentType(operation.at("content_type").string()).content_type === "form";
}

function wrongStyle(
  style: string,
  { location, type }: DeclaredParameter,
  inForm: boolean,
): { message: string; help: string } | undefined {
  const allowed = location === "body" && !inForm ? [] : (styles[location] ?? []);
  if (!allowed.includes(style)) {
    const help =
      allowed.length > 0
        ? `In the ${location === "body" ? "form" : location} there is ${list(allowed)}.`
        : "Remove `style`: the body's content type says how values are written.";
    return { message: `A ${location} parameter has no style \`${style}\`.`, help };
  }
  if (style === "deepObject" && type !== "object" && type !== "array" && type !== "json")
    return {
      message: `\`deepObject\` is for maps and lists, and this parameter is of type ${type}.`,
      help: "Use `form`, or say `field_type: object`.",
    };
  if (style === "flag" && type !== "boolean")
    return {
      message: `\`flag\` is for true and false, and this parameter is of type ${type}.`,
      help: "Say `field_type: boolean`, or remove `style`.",
    };
  return undefined;
}
