import type { Pointer } from "../../read/tree.ts";
import { isForbiddenName } from "../../read/tree-builder.ts";
import type { Rule } from "../rule.ts";

/** Names that an author gives by value; those that are keys are refused while the text is read. */
export const namesForbidden: Rule = {
  id: "names/forbidden",
  severity: "error",
  blocking: true,
  summary: "A name that JavaScript gives a meaning of its own: `__proto__`, `constructor`, `prototype`.",
  check: ({ declared }, report) => {
    const names: (readonly [string | undefined, Pointer])[] = [
      ...declared.settings.map(({ key, at }) => [key, [...at.path, "key"]] as const),
      ...declared.profiles.map(
        ({ at }) => [at.at("profile_id").string(), [...at.path, "profile_id"]] as const,
      ),
      ...declared.profiles.flatMap(({ fields }) =>
        fields.filter(({ implied }) => !implied).map(({ key, at }) => [key, [...at.path, "key"]] as const),
      ),
      ...declared.chains.map(({ id, at }) => [id, [...at.path, "chain_id"]] as const),
      ...declared.chains.flatMap(({ steps }) =>
        steps.map(({ name, at }) => [name, [...at.path, "step_name"]] as const),
      ),
      ...declared.operations.map(({ id, at }) => [id, [...at.path, "operation_id"]] as const),
      ...declared.operations.flatMap(({ parameters }) =>
        parameters.flatMap(({ name, at }) => [
          [name, [...at.path, "name"]] as const,
          [at.at("wire_name").string(), [...at.path, "wire_name"]] as const,
        ]),
      ),
      ...declared.limits.map(({ name, at }) => [name, [...at.path, "name"]] as const),
      ...declared.tools.map(({ name, at }) => [name, [...at.path, "mcp_tool_name"]] as const),
    ];
    for (const { at } of declared.tools)
      for (const [, to] of at.at("parameter_mappings").entries()) names.push([to.string(), to.path]);
    for (const { parameters } of declared.operations)
      for (const { at } of parameters)
        for (const part of at.at("body_path").string()?.split(".") ?? [])
          names.push([part, [...at.path, "body_path"]]);
    for (const [name, path] of names)
      if (name !== undefined && isForbiddenName(name))
        report({
          path,
          message: `"${name}" cannot be used as a name.`,
          help: "Choose another name; this one has a meaning of its own in JavaScript.",
        });
  },
};
