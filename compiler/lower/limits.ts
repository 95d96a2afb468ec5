import type { Limit, LimitScope } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import { given } from "./json.ts";

const scopes: readonly string[] = ["per_account", "per_user", "per_token", "per_connection"];

function isScope(text: string | undefined): text is LimitScope {
  return text !== undefined && scopes.includes(text);
}

/** Each limit at its own index, so that operations may refer to it; a broken one gives undefined. */
export function lowerLimit(at: Cursor): Limit | undefined {
  const scope = at.at("scope").string();
  const limit = at.at("limit").number();
  const interval = at.at("interval_seconds").number();
  if (!isScope(scope) || limit === undefined || interval === undefined) return undefined;
  return {
    ...given("name", at.at("name").string()),
    scope,
    limit,
    interval_seconds: interval,
    burst: at.at("burst").number() ?? 0,
    ...given("max_concurrent", at.at("max_concurrent").number()),
    smooth: at.at("pacing").string() === "smooth",
    includes_auth: at
      .at("includes")
      .items()
      .some((item) => item.string() === "auth"),
    shared: at.at("shared").string() === "tenants",
    ...given("response_headers", responseHeaders(at.at("response_headers"))),
    on_state_loss: at.at("on_state_loss").string() === "closed" ? "closed" : "share",
    ...given("note", at.at("note").string()),
  };
}

const resetUnits = ["seconds", "milliseconds", "epoch_seconds", "epoch_milliseconds", "date"] as const;

function responseHeaders(at: Cursor): Limit["response_headers"] {
  if (!at.exists) return undefined;
  const reset = at.at("reset");
  const header = reset.string() ?? reset.at("header").string();
  const unit = resetUnits.find((known) => known === reset.at("unit").string()) ?? "seconds";
  return {
    ...given("remaining", at.at("remaining").string()),
    ...given("limit", at.at("limit").string()),
    ...(header === undefined ? {} : { reset: { header, unit } }),
  };
}
