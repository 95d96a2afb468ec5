import type { Cursor } from "../../lower/cursor.ts";
import { allChains } from "../../lower/oauth-after.ts";
import { isForbiddenName } from "../../read/tree-builder.ts";
import type { Rule } from "../rule.ts";

/** Names that an author gives by value; those that are keys are refused while the text is read. */
export const namesForbidden: Rule = {
  id: "names/forbidden",
  severity: "error",
  blocking: true,
  summary: "A name that JavaScript gives a meaning of its own: `__proto__`, `constructor`, `prototype`.",
  check: ({ declared }, report) => {
    const judge = (name: string | undefined, at: Cursor, ...key: string[]): void => {
      if (name !== undefined && isForbiddenName(name))
        report({
          path: [...at.path, ...key],
          message: `"${name}" cannot be used as a name.`,
          help: "Choose another name; this one has a meaning of its own in JavaScript.",
        });
    };
    for (const { key, at } of declared.settings) judge(key, at, "key");
    for (const { at, fields } of declared.profiles) {
      judge(at.at("profile_id").string(), at, "profile_id");
      for (const field of fields) if (!field.implied) judge(field.key, field.at, "key");
    }
    for (const { id, at, steps } of allChains(declared)) {
      judge(id, at, "chain_id");
      for (const step of steps) judge(step.name, step.at, "step_name");
    }
    for (const { id, at, parameters } of declared.operations) {
      judge(id, at, "operation_id");
      for (const { name, at } of parameters) {
        judge(name, at, "name");
        judge(at.at("wire_name").string(), at, "wire_name");
        for (const part of at.at("body_path").string()?.split(".") ?? []) judge(part, at, "body_path");
      }
    }
    for (const { name, at } of declared.limits) judge(name, at, "name");
    for (const { name, at } of declared.tools) {
      judge(name, at, "mcp_tool_name");
      for (const [, to] of at.at("parameter_mappings").entries()) judge(to.string(), to);
    }
  },
};
