/** The calls of a `TWO_STEP` entry as the steps of a chain. */
import type { ChainStep, ExtractMap, Method, TemplateMap } from "../../../schema/descriptor.ts";
import type { Entry, Scalars, TokenStep } from "./entry.ts";
import { type EntryNames, flat } from "./names.ts";
import { type Names, translate, Unsayable } from "./template.ts";

/** The last step gives `final_token`. */
export function chainSteps(entry: Entry, names: EntryNames): ChainStep[] {
  if (typeof entry.token_url !== "string") throw new Unsayable("several token URLs");
  const first: FirstStep = {
    token_url: entry.token_url,
    ...(entry.body_format === undefined ? {} : { body_format: entry.body_format }),
    ...(entry.token_params ? { token_params: entry.token_params } : {}),
    ...(entry.token_headers ? { token_headers: entry.token_headers } : {}),
    ...(entry.token_request_method === undefined ? {} : { method: methodOf(entry.token_request_method) }),
  };
  const steps: readonly FirstStep[] = [first, ...(entry.additional_steps ?? [])];
  return steps.map((step, index) => {
    const last = index === steps.length - 1;
    const named = namesOf(entry, names, index);
    return {
      ...requestOf(step, index, named, (url) => names.withBases(url)),
      extract: {
        ...wantedBy(entry, steps, index),
        ...(index === 0 ? metadata(entry) : {}),
        ...(last ? finalExtract(entry) : {}),
      },
      ...(last ? lifeOf(entry) : {}),
    };
  });
}

type FirstStep = TokenStep & { readonly method?: Method };

function methodOf(method: string): Method {
  return method.toUpperCase() === "GET" ? "GET" : "POST";
}

/** `${stepN.x}` is an extract of an earlier step; an assertion is signed where it is sent. */
function namesOf(entry: Entry, names: EntryNames, index: number): Names {
  return (name) => {
    const step = /^step(\d+)\.(.+)$/.exec(name);
    if (step) return Number(step[1]) <= index ? extractName(step[1] ?? "", step[2] ?? "") : undefined;
    if (name === "credentials.assertion" && entry.assertion) return assertionOf(entry, names);
    if (name === "token" && entry.token?.signing_key)
      return jwtCall(
        names,
        entry.token.signing_key,
        entry.token.header ?? {},
        entry.token.payload ?? {},
        entry.token.expires_in_ms / 1000,
      );
    return /^assertionOption\./.test(name) ? flat(name.slice("assertionOption.".length)) : names.name(name);
  };
}

function extractName(step: string, path: string): string {
  return `step${step}_${flat(path)}`;
}

function assertionOf(entry: Entry, names: EntryNames): string {
  const { assertion } = entry;
  if (assertion?.type !== "jwt") throw new Unsayable("a SAML assertion that is signed here (XML signatures)");
  return jwtCall(names, assertion.key, assertion.header, assertion.payload, assertion.lifetimeInSeconds);
}

/** A token that is signed in a template; its claims are JSON as text. */
function jwtCall(names: EntryNames, key: string, header: Scalars, payload: Scalars, seconds: number): string {
  const { alg, typ: _, ...more } = header;
  const own: Names = (name) =>
    name.startsWith("assertionOption.") ? flat(name.slice(16)) : names.name(name);
  const member = ([name, value]: readonly [string, unknown]): string =>
    `${plainText(name)}: {json("${plainText(translate(String(value), own), false)}")}`;
  const times = [`"iat": {now(unix)}`, `"exp": {now(unix, +${seconds})}`];
  const claims = [...Object.entries(payload).map(member), ...times].join(", ");
  const headers = Object.entries(more).map(member).join(", ");
  return `jwt(${algorithmOf(alg)}, "${plainText(translate(key, own), false)}", '{{${claims}}}', '{{${headers}}}')`;
}

/** JSON inside an argument in single quotes: what could end either is no text of a token. */
function plainText(text: string, quoted = true): string {
  if (/["'\\]/.test(text) || (quoted && /[{}]/.test(text)))
    throw new Unsayable(`the text ${text} in a signed token`);
  return quoted ? `"${text}"` : text;
}

function algorithmOf(alg: unknown): string {
  const text = String(alg);
  if (!/^(?:[HRPE]S(?:256|384|512)|EdDSA)$/.test(text)) throw new Unsayable(`the algorithm ${text}`);
  return text;
}

function requestOf(
  step: FirstStep,
  index: number,
  names: Names,
  withBases: (url: string) => string,
): Omit<ChainStep, "extract"> {
  const params = Object.entries(step.token_params ?? {});
  const headers = Object.entries(step.token_headers ?? {}).filter(
    ([name]) => name.toLowerCase() !== "content-type",
  );
  const texts = (entries: readonly (readonly [string, string | number | boolean])[]): TemplateMap =>
    Object.fromEntries(
      entries.map(([name, value]) => [name, typeof value === "string" ? translate(value, names) : value]),
    );
  return {
    step_name: `step${index + 1}`,
    endpoint: translate(withBases(step.token_url), names),
    ...(step.method === undefined ? {} : { method: step.method }),
    ...(headers.length > 0 ? { headers: texts(headers) } : {}),
    ...(params.length > 0
      ? { body: texts(params), content_type: step.body_format === "form" ? "form" : "json" }
      : {}),
  };
}

/** What later steps read of this one's answer. */
function wantedBy(entry: Entry, steps: readonly TokenStep[], index: number): ExtractMap {
  const later = JSON.stringify(steps.slice(index + 1));
  const found = [...later.matchAll(new RegExp(`\\$\\{step${index + 1}\\.([\\w.]+)\\}`, "g"))];
  const cookies = index === 0 && entry.token_response_headers ? ["B1SESSION", "ROUTEID"] : [];
  return {
    ...Object.fromEntries(found.map(([, path = ""]) => [extractName(String(index + 1), path), `$.${path}`])),
    ...Object.fromEntries(cookies.map((cookie) => [cookie, { cookie }])),
  };
}

function metadata(entry: Entry): ExtractMap {
  return Object.fromEntries((entry.token_response_metadata ?? []).map((path) => [flat(path), `$.${path}`]));
}

function finalExtract({ token_response: response }: Entry): ExtractMap {
  if (!response) throw new Unsayable("no word of where the token is");
  return {
    final_token: response.token === "" ? { text: true } : `$.${response.token}`,
    ...(response.token_expiration === undefined ? {} : { life: `$.${response.token_expiration}` }),
  };
}

function lifeOf({ token_response: response, token_expires_in_ms: ms }: Entry): Partial<ChainStep> {
  if (response?.token_expiration !== undefined)
    return response.token_expiration_strategy === "expireAt"
      ? { ttl_from: { kind: "expires_at", extract: "life" } }
      : { ttl_from: { kind: "expires_in", extract: "life" } };
  return ms === undefined || ms === 0 ? {} : { ttl_seconds: ms / 1000 };
}
