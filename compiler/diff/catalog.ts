import { answerRules } from "./areas/answers.ts";
import { limitRules } from "./areas/limits.ts";
import { metadataRules } from "./areas/metadata.ts";
import { operationRules } from "./areas/operations.ts";
import { parameterRules } from "./areas/parameters.ts";
import { placementRules } from "./areas/placements.ts";
import { profileRules } from "./areas/profiles.ts";
import { requestRules } from "./areas/requests.ts";
import { sharedSchemaRules } from "./areas/schemas.ts";
import { settingRules } from "./areas/settings.ts";
import { sourceRules } from "./areas/sources.ts";
import { toolRules } from "./areas/tools.ts";
import type { DiffRule, DiffRuleId, DiffRules } from "./change.ts";

/** Every rule of `connector diff` by area. A test holds it against `docs/diff.md` and against what is reported. */
export const diffAreas: { readonly [area: string]: DiffRules } = {
  Operations: operationRules,
  Parameters: parameterRules,
  Requests: requestRules,
  Answers: answerRules,
  Schemas: sharedSchemaRules,
  Profiles: { ...profileRules, ...placementRules },
  "How a credential comes to be": sourceRules,
  Settings: settingRules,
  "Rate limits": limitRules,
  "MCP tools": toolRules,
  "The connector itself": metadataRules,
};

export const diffCatalog: DiffRules = Object.assign({}, ...Object.values(diffAreas));

/** A rule that is not in the catalog is a slip of ours; it counts as what asks for most. */
export function ruleOf(id: DiffRuleId): DiffRule {
  return diffCatalog[id] ?? { level: "major", summary: "" };
}
