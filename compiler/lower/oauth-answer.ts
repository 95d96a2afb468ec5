/** How a token answer is read (RFC 6749, sections 5.1 and 5.2), and where an API departs from that. */
import type { Extract, JsonExtract, ResponseRule, StepLife } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { anySuccess, rootPath } from "./answers.ts";
import type { Cursor } from "./cursor.ts";
import { given } from "./json.ts";
import type { Lowering } from "./lowering.ts";

/** What the token calls of a profile have in common once they are answered. */
export interface TokenAnswer {
  readonly response: ResponseRule;
  readonly extract: readonly Extract[];
  readonly life: StepLife;
}

const formats = ["json", "form", "xml"] as const;

/** `oauth.response` and `oauth.extract`, read once for all calls of a profile. */
export function lowerTokenAnswer(lowering: Lowering, oauth: Cursor): TokenAnswer {
  const at = oauth.at("response");
  const optional = (name: string): JsonExtract => ({ ...extract(lowering, at, name), optional: true });
  const extra = lowerExtra(lowering, oauth);
  const standard = [optional("token_type"), { ...optional("scope"), joined: true }];
  return {
    response: {
      type: formats.find((format) => format === at.at("format").string()) ?? "json",
      success_status: anySuccess,
      records: rootPath,
      error_message: lowering.path(at.at("error_description")) ?? plain("error_description"),
      error_code: lowering.path(at.at("error")) ?? plain("error"),
    },
    extract: [
      extract(lowering, at, "access_token"),
      optional("refresh_token"),
      optional("expires_in"),
      ...(at.has("expires_at") ? [optional("expires_at")] : []),
      ...standard.filter(({ name }) => !extra.some((own) => own.name === name)),
      ...extra,
    ],
    life: lifeOf(oauth),
  };
}

function lifeOf(oauth: Cursor): StepLife {
  const at = oauth.at("response");
  const otherwise = given("otherwise", oauth.at("ttl_seconds").number());
  if (at.has("expires_at") && !at.has("expires_in"))
    return { kind: "expires_at", name: "expires_at", unit: "seconds", ...otherwise };
  const unit = at.at("expires_in_unit").string() === "milliseconds" ? "milliseconds" : "seconds";
  return { kind: "expires_in", name: "expires_in", unit, ...otherwise };
}

function extract(lowering: Lowering, response: Cursor, name: string): JsonExtract {
  const [path = plain(name), ...or] = response
    .at(name)
    .itemsOrSelf()
    .flatMap((item) => lowering.path(item) ?? []);
  return { kind: "json", name, path, ...(or.length > 0 ? { or } : {}) };
}

/** `oauth.extract`: further values of the token response. */
function lowerExtra(lowering: Lowering, oauth: Cursor): Extract[] {
  return oauth
    .at("extract")
    .entries()
    .flatMap(([name, value]): Extract[] => {
      const path = lowering.path(value);
      if (path) return [{ kind: "json", name, path, optional: true }];
      const header = value.at("header").string();
      return header === undefined ? [] : [{ kind: "header", name, header }];
    });
}

function plain(name: string): JsonPath {
  return { kind: "plain", text: `$.${name}`, steps: [name] };
}
