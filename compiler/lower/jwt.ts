import type { BodyNode, JwtRecipe, Template } from "../../schema/ir.ts";
import { lowerBody } from "./body.ts";
import type { Cursor } from "./cursor.ts";
import { given } from "./json.ts";
import type { Lowering } from "./lowering.ts";
import { lowerTemplate, type Place } from "./templates.ts";

const keyEncodings = ["hex", "base64"] as const;

/** The recipe that a `jwt` or `client_assertion` section gives; undefined where its key cannot be read. */
export function lowerRecipe(lowering: Lowering, at: Cursor, place: Place): JwtRecipe | undefined {
  const raw: Place = { ...place, context: "raw" };
  const key = lowerTemplate(lowering, at.at("key"), raw);
  if (!key) return undefined;
  const keyId = at.has("key_id") ? lowerTemplate(lowering, at.at("key_id"), raw) : undefined;
  return {
    algorithm: at.at("algorithm").string() ?? "RS256",
    key,
    ...given(
      "key_encoding",
      keyEncodings.find((encoding) => encoding === at.at("key_encoding").string()),
    ),
    ...given("key_id", keyId),
    headers: at
      .at("headers")
      .entries()
      .flatMap(([name, value]) => {
        const template = lowerTemplate(lowering, value, raw);
        return template ? [{ name, value: template }] : [];
      }),
    claims: lowerClaims(lowering, at.at("claims"), place),
    ttl_seconds: at.at("ttl_seconds").number() ?? 300,
  };
}

function lowerClaims(lowering: Lowering, at: Cursor, { scope, owner, section }: Place): BodyNode {
  const body = at.exists ? lowerBody(lowering, at, "json", [], { scope, owner, section }) : undefined;
  return body?.root ?? { kind: "object", entries: [] };
}

/** Claims of a recipe, with those added that it does not have. */
export function withClaims(
  recipe: JwtRecipe,
  added: readonly { readonly key: string; readonly value: BodyNode }[],
): JwtRecipe {
  const written = recipe.claims.kind === "object" ? recipe.claims.entries : [];
  const missing = added.filter(({ key }) => !written.some((entry) => entry.key === key));
  return { ...recipe, claims: { kind: "object", entries: [...missing, ...written] } };
}

/** A template as a claim. */
export function claim(template: Template): BodyNode {
  const [only] = template.parts;
  if (template.parts.length === 1 && only !== undefined)
    return typeof only === "string" ? { kind: "literal", value: only } : { kind: "value", hole: only };
  return { kind: "template", template };
}
