import type { Connector } from "../../../../schema/ir.ts";
import { connector, operation, parameter, profile } from "../support/ir.ts";

/**
 * What the clients of this folder were built from. Where `irVersion` rises, the client of the version before stays, and
 * one of the new version is built beside it.
 */
export const skewConnector: Connector = connector({
  profiles: [profile("none", [], { type: "none" })],
  settings: [{ key: "base_url", type: "string", required: true, implied: false }],
  operations: [
    operation("list_issues", {
      parameters: [parameter("state")],
      pages: true,
      records: "$.issues",
      auth: [{ profile: "none", placement: { headers: [], query: [], cookies: [] } }],
      exchange: {
        url: {
          origin: {
            kind: "base",
            base: {
              parts: [
                {
                  kind: "ref",
                  symbol: { kind: "setting", key: "base_url" },
                  context: "base_url",
                  optional: false,
                  secret: false,
                  type: "string",
                },
              ],
            },
          },
          path: { parts: ["/issues"] },
        },
        query: [{ kind: "parameter", name: "state", parameter: "state", style: "form", explode: true }],
      },
    }),
  ],
});
