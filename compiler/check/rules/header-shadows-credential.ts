import { namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerShadowsCredential: Rule = {
  id: "header/shadows-credential",
  severity: "error",
  summary: "A header or query entry of an operation that meets the one that carries its credential.",
  check: (model, report) => {
    const headers = namedHeaders(model);
    for (const { operation, declared } of model.operations) {
      if (!operation) continue;
      const credential = new Set(
        operation.auth.flatMap(({ placement }) => placement.headers.map(({ name }) => name.toLowerCase())),
      );
      const group = `${declared.at.path.join("/")} headers`;
      for (const { name, path, at } of headers.filter((header) => header.group === group))
        if (credential.has(name.toLowerCase()))
          report({
            path,
            at,
            message: `The credential is sent in the header ${name}: this one would meet it.`,
            help: "Remove it here; what carries a credential is said by auth_headers or the profile's type.",
          });
      const inQuery = new Set(
        operation.auth.flatMap(({ placement }) => placement.query.map(({ name }) => name)),
      );
      for (const p of declared.parameters.filter(({ location }) => location === "query")) {
        const wire = p.at.at("wire_name").string() ?? p.name;
        if (inQuery.has(wire))
          report({
            path: [...p.at.path, p.at.has("wire_name") ? "wire_name" : "name"],
            message: `The credential is sent as the query parameter ${wire}: this one would meet it.`,
            help: "Remove the parameter: the caller does not choose the credential.",
          });
      }
    }
  },
};
