import { pointerText } from "../read/tree.ts";
import { droppedKey } from "../validate/broken-marks.ts";
import type { Cursor } from "./cursor.ts";
import { declareChain } from "./declare-chain.ts";
import { declareField } from "./declare-fields.ts";
import { declareOperation } from "./declare-operation.ts";
import { declareProfile } from "./declare-profile.ts";
import type { Declared } from "./declared.ts";
import { createOpenness } from "./openness.ts";

/** The tables of a descriptor; `broken` names the places that were found at fault. */
export function declare(root: Cursor, broken: ReadonlySet<string>): Declared {
  const isOpen = createOpenness(broken);
  const chains = root
    .at("credential_chains")
    .items()
    .map((at) => declareChain(at, isOpen, broken));
  const settings = root
    .at("connection_config")
    .items()
    .flatMap((at) => declareField(at, false));
  const profiles = root
    .at("authentication")
    .items()
    .flatMap((at) => declareProfile(at, chains, settings, isOpen, broken));
  return {
    root,
    open: {
      settings: isOpen(root.at("connection_config"), "key"),
      profiles:
        !root.has("authentication") ||
        isOpen(root.at("authentication"), "profile_id") ||
        profiles.length < root.at("authentication").items().length ||
        new Set(profiles.map(({ id }) => id)).size < profiles.length,
      chains: isOpen(root.at("credential_chains"), "chain_id"),
      operations: isOpen(root.at("operations"), "operation_id"),
      limits: isOpen(root.at("rate_limits"), "name", { mayRepeat: true }),
      // A key at the top that nobody knows may be a schema that lost its indentation.
      schemas:
        broken.has(pointerText([droppedKey])) ||
        hasDoubled(root.at("schemas"), broken) ||
        (root.has("schemas") && (root.at("schemas").node?.kind !== "map" || isOpen(root.at("schemas")))),
    },
    settings,
    chains,
    profiles,
    operations: root
      .at("operations")
      .items()
      .map((at) => declareOperation(at, isOpen, broken)),
    limits: root
      .at("rate_limits")
      .items()
      .map((at) => ({ name: at.at("name").string(), scope: at.at("scope").string() ?? "", at })),
    schemas: root
      .at("schemas")
      .entries()
      .map(([name, at]) => ({ name, at })),
    tools: root
      .at("mcp_config")
      .at("route_mappings")
      .items()
      .map((at) => ({
        name: at.at("mcp_tool_name").string(),
        operation: at.at("operation_id").string(),
        at,
      })),
  };
}

/** A schema that has a key twice may be two, of which one lost its name. */
function hasDoubled(schemas: Cursor, broken: ReadonlySet<string>): boolean {
  const hasDropped = ([name]: readonly [string, Cursor]): boolean =>
    broken.has(pointerText([...schemas.path, name, droppedKey]));
  return broken.size > 0 && schemas.entries().some(hasDropped);
}
