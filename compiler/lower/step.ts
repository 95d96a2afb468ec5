import type { Exchange, Extract, Method, Step, StepLife, ValueSymbol } from "../../schema/ir.ts";
import { anySuccess, rootPath, statusRanges } from "./answers.ts";
import { lowerBody } from "./body.ts";
import { chainExtracts } from "./chain-extracts.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredChain, DeclaredProfile, DeclaredStep } from "./declared.ts";
import { lowerEntries } from "./entries.ts";
import { given } from "./json.ts";
import type { Lowering, Owner, Reference } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { lowerTemplate } from "./templates.ts";
import { lowerUrl } from "./url.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const responseTypes = ["json", "xml", "form", "text"] as const;

export function lowerMethod(at: Cursor, fallback: Method): Method {
  return methods.find((method) => method === at.string()) ?? fallback;
}

/** The steps of a chain as the profile runs them (`oauth`: values of a token answer that they may name); undefined where one could not be lowered. */
export function lowerChain(
  lowering: Lowering,
  chain: DeclaredChain,
  profile: DeclaredProfile,
  oauth: readonly string[] = [],
): Step[] | undefined {
  const steps = chain.steps.map((step, index) => lowerStep(lowering, chain, step, index, profile, oauth));
  const whole = steps.filter((step) => step !== undefined);
  return whole.length === steps.length ? whole : undefined;
}

function lowerStep(
  lowering: Lowering,
  chain: DeclaredChain,
  step: DeclaredStep,
  index: number,
  profile: DeclaredProfile,
  oauth: readonly string[],
): Step | undefined {
  const { at } = step;
  const owner: Owner = { kind: "chain", id: chain.id };
  const scope = new StepScope({
    profiles: [profile],
    settings: lowering.declared.settings,
    steps: { chain: chainExtracts(chain), before: index },
    oauth,
    open: lowering.declared.open.settings || profile.open || chain.open,
  });
  const before = lowering.references.length;
  const url = lowerUrl(lowering, at.at("endpoint"), { scope, owner, section: "endpoint" });
  const headers = lowerEntries(lowering, at.at("headers"), {
    scope,
    owner,
    context: "header",
    section: "headers",
  });
  const query = lowerEntries(lowering, at.at("query_params"), {
    scope,
    owner,
    context: "query",
    section: "query_params",
  });
  const body = lowerBody(lowering, at.at("body"), lowering.soundText(at, "content_type") ?? "json", [], {
    scope,
    owner,
    section: "body",
  });
  const extract = lowerExtracts(lowering, step);
  const cacheKey = at.has("cache_key")
    ? lowerTemplate(lowering, at.at("cache_key"), { scope, owner, context: "raw", section: "cache_key" })
    : undefined;
  const inputs = distinctSymbols(lowering.references.slice(before));
  if (!url) {
    lowering.markUnresolved(owner);
    return undefined;
  }
  const exchange: Exchange = {
    kind: "http",
    id: `step:${step.name}`,
    method: lowerMethod(at.at("method"), "POST"),
    url: url.url,
    query: [...url.query, ...query],
    headers,
    cookies: [],
    ...given("body", body),
    response: {
      type: responseTypes.find((type) => type === at.at("response_type").string()) ?? "json",
      success_status: statusRanges(lowering, at.at("success_status")) ?? anySuccess,
      records: rootPath,
    },
  };
  const life = lifeOf(step);
  return {
    name: step.name,
    exchange,
    extract: extract.map((e) =>
      e.kind === "json" && "name" in life && life.name === e.name && life.kind !== "jwt_exp"
        ? { ...e, optional: true }
        : e,
    ),
    life,
    ...given("cache_key", cacheKey),
    inputs,
  };
}

const noParameters: Scope["parameters"] = [];

/** A scope of thousands: what only advice asks for is gathered when it is asked for, and belongs to the class. */
class StepScope implements Scope {
  readonly place = "auth";
  readonly parameters: Scope["parameters"] = noParameters;
  readonly profiles: Scope["profiles"];
  readonly settings: Scope["settings"];
  readonly steps: NonNullable<Scope["steps"]>;
  readonly oauth: Scope["oauth"];
  readonly open: boolean;

  constructor({
    profiles,
    settings,
    steps,
    oauth,
    open,
  }: Pick<StepScope, "profiles" | "settings" | "steps" | "oauth" | "open">) {
    this.profiles = profiles;
    this.settings = settings;
    this.steps = steps;
    this.oauth = oauth;
    this.open = open;
  }

  get extracts(): Scope["extracts"] {
    const { chain, before } = this.steps;
    return chain.all.filter(({ index }) => index < before);
  }

  get later(): Scope["later"] {
    const { chain, before } = this.steps;
    return chain.all.filter(({ index }) => index >= before);
  }
}

function lowerExtracts(lowering: Lowering, step: DeclaredStep): Extract[] {
  return step.extracts.flatMap(({ name, at }): Extract[] => {
    const path = lowering.path(at);
    if (path) return [{ kind: "json", name, path }];
    const header = at.at("header").string();
    if (header !== undefined) return [{ kind: "header", name, header }];
    const cookie = at.at("cookie").string();
    if (cookie !== undefined) return [{ kind: "cookie", name, cookie }];
    return at.at("text").boolean() ? [{ kind: "text", name }] : [];
  });
}

/** `ttl_seconds`, else `ttl_from`, else an extract called `expires_in`, else until it is refused. */
function lifeOf(step: DeclaredStep): StepLife {
  const seconds = step.at.at("ttl_seconds").number();
  if (seconds !== undefined) return { kind: "fixed", seconds };
  const from = step.at.at("ttl_from");
  const kind = from.string() ?? from.at("kind").string();
  const unit = from.at("unit").string();
  const has = (name: string): boolean => step.extracts.some((e) => e.name === name);
  const name = from.at("extract").string() ?? (kind === "jwt_exp" ? step.extracts[0]?.name : kind) ?? "";
  if (kind === "expires_in")
    return { kind, name, unit: unit === "milliseconds" ? "milliseconds" : "seconds" };
  if (kind === "expires_at")
    return { kind, name, unit: unit === "milliseconds" || unit === "date" ? unit : "seconds" };
  if (kind === "jwt_exp") return { kind, name };
  return has("expires_in")
    ? { kind: "expires_in", name: "expires_in", unit: "seconds" }
    : { kind: "until_refused" };
}

/** The extract that a step's life is read from, for the rules about use. */
export function lifeExtract(step: DeclaredStep): string | undefined {
  const life = lifeOf(step);
  return "name" in life ? life.name : undefined;
}

export function distinctSymbols(references: readonly Reference[]): ValueSymbol[] {
  const seen = new Map<string, ValueSymbol>();
  for (const { symbol } of references) seen.set(JSON.stringify(symbol), symbol);
  return [...seen.values()];
}
