/** Profiles as a standalone client reads them. */
import type {
  Connector,
  CredentialField,
  Extract,
  Profile,
  Setting,
  Signer,
  Step,
  StepValue,
  Template,
} from "../../../../../schema/ir.ts";
import { accepted } from "../../../../../schema/language/accept.ts";
import {
  type ExtractPlan,
  type FieldPlan,
  type ProfilePlan,
  requiredField,
  type SignerPlan,
  type StepPlan,
  secretField,
  specialField,
  type Text,
  type ValueKey,
} from "../../../../../schema/standalone-plan.ts";
import {
  exchangeOf,
  isForeign,
  jwtOf,
  keyOf,
  keysIn,
  list,
  matcherOf,
  originOf,
  stepsOf,
  textOf,
} from "./exchange.ts";

export function fieldOf(field: Setting | CredentialField): FieldPlan {
  const { key, type, pattern, format } = field;
  const isSecret = "secret" in field && field.secret;
  const isImplied = !("secret" in field) && field.implied;
  const bits =
    (field.required ? requiredField : 0) | (isSecret ? secretField : 0) | (isImplied ? specialField : 0);
  return {
    key,
    ...(isText(type) ? {} : { type }),
    ...(bits === 0 ? {} : { bits }),
    ...("default" in field && field.default !== undefined ? { default: field.default } : {}),
    ...(pattern === undefined ? {} : { pattern }),
    ...(field.enum ? { enum: field.enum } : {}),
    ...(format === undefined ? {} : { format }),
  };
}

export function isText(type: string): boolean {
  return type === "string" || type === "secret" || type === "password";
}

export function profileOf(profile: Profile, ir: Connector): ProfilePlan {
  const { id, type, fields, source, expired_when, origins, allowed_hosts, signer } = profile;
  const named = origins.filter((origin) => !isForeign(origin)).map(originOf);
  return {
    id,
    fields: fields.map(fieldOf),
    ...(type === "none" ? { none: true as const } : {}),
    ...(type.startsWith("oauth2_") || type === "service_account" ? { tokens: true as const } : {}),
    ...(type === "bearer" ? { bearer: true as const } : {}),
    ...userOf(profile),
    ...(source.kind === "jwt" ? { jwt: jwtOf(source.recipe) } : {}),
    ...(source.kind === "chain" ? chainOf(source.steps, source.token, false, ir) : {}),
    ...(source.kind === "oauth2" && (source.grant !== "authorization_code" || !source.refresh)
      ? chainOf(source.steps, source.token, true, ir)
      : {}),
    ...(source.kind === "oauth2" && source.refresh && source.grant === "authorization_code"
      ? {
          refresh: stepOf(source.refresh, [], true, () => true),
          ...list(
            "after",
            (source.after_refresh ?? []).map((step) => stepOf(step, [], false, () => true)),
          ),
          ...(source.keep_refresh_token ? { keep: true as const } : {}),
        }
      : {}),
    ...list("expired", expired_when.map(matcherOf)),
    // Only what answers name is held against them.
    ...(isLedElsewhere(profile, ir) ? list("origins", named) : {}),
    ...list("hosts", allowed_hosts),
    ...(signer ? { signer: signerOf(signer) } : {}),
  };
}

/** The half before the colon, by the name or the place that the compiler takes it by. */
function userOf({ type, fields }: Profile): { readonly user?: string } {
  const user = fields.find(({ key }) => key === "username") ?? fields.find(({ secret }) => !secret);
  return type === "basic" && user ? { user: user.key } : {};
}

function isLedElsewhere({ source }: Profile, ir: Connector): boolean {
  return (
    ir.operations.some(({ exchange }) => isForeign(exchange.url.origin)) ||
    JSON.stringify(source).includes('"origin":{"kind":"base"') ||
    JSON.stringify(source).includes('"origin":{"kind":"host"')
  );
}

function chainOf(
  steps: readonly Step[],
  token: StepValue,
  isGrant: boolean,
  ir: Connector,
): Pick<ProfilePlan, "steps" | "token"> {
  const isSent = sentSteps(ir, steps);
  return {
    steps: steps.map((step, at) =>
      stepOf(
        step,
        steps.slice(0, at),
        isGrant && step.name === "token",
        isGrant ? (one) => isSent(one) : isSent,
        token,
      ),
    ),
    token: [steps.findIndex(({ name }) => name === token.step), token.name],
  };
}

/** Which steps give what requests send by name, beside the token. */
function sentSteps(ir: Connector, steps: readonly Step[]): (step: Step) => boolean {
  if (steps.length < 2) return () => true;
  const named = new Set(
    keysIn([ir.operations, ir.profiles.map(({ placement, signer }) => [placement, signer])]),
  );
  return ({ name, extract }) =>
    [...named].some((key) => key.startsWith(`x:${name}\n`)) ||
    extract.some((one) => named.has(`o:${one.name}`));
}

function stepOf(
  step: Step,
  before: readonly Step[],
  isTokenCall: boolean,
  isSent: (step: Step) => boolean,
  token?: StepValue,
): StepPlan {
  const { name, exchange, extract, life, cache_key, signer, assertion } = step;
  const inputs = [...new Set(inputsOf(step, before))].filter((key) => !key.startsWith("r:")).sort();
  const from = before.flatMap((giver, at) => (gives(giver, step, token) ? [at] : []));
  const plan = exchangeOf(exchange);
  // A step that reads no JSON does not insist on any: a login page may set the cookie that is wanted.
  const type = extract.some(({ kind }) => kind === "json") ? plan.type : ("binary" as const);
  return {
    ...plan,
    ...(type === undefined ? {} : { type }),
    // It asks for what it always asked for.
    ...(type === plan.type
      ? {}
      : list("headers", [["accept", accepted[plan.type ?? "json"]] as const, ...(plan.headers ?? [])])),
    name,
    extract: extract.map(extractOf),
    life,
    inputs,
    ...(cache_key ? { cache: textOf(cache_key) } : {}),
    ...list("from", from),
    ...(isSent(step) ? { sent: true as const } : {}),
    ...(signer ? { signer: signerOf(signer) } : {}),
    ...(assertion ? { assertion: jwtOf(assertion) } : {}),
    ...(isTokenCall ? { grant: true as const } : {}),
  };
}

function gives(giver: Step, reader: Step, token: StepValue | undefined): boolean {
  const reads = new Set(reader.inputs.map(keyOf));
  return giver.extract.some(
    ({ name }) =>
      reads.has(`x:${giver.name}\n${name}`) ||
      reads.has(`o:${name}`) ||
      (reads.has("t:") && name === token?.name),
  );
}

/** What the step reads, and through an extract all that flowed into the step which gave it. */
function inputsOf(step: Step, before: readonly Step[]): ValueKey[] {
  return [...step.inputs.map(keyOf), ...keysIn(step)].flatMap((key) => {
    const at = before.findIndex(({ name }) => key.startsWith(`x:${name}\n`));
    const giver = before[at];
    return giver ? [key, ...inputsOf(giver, before.slice(0, at))] : [key];
  });
}

function extractOf(extract: Extract): ExtractPlan {
  const { kind, name } = extract;
  switch (kind) {
    case "json":
      return {
        kind,
        name,
        paths: [extract.path, ...(extract.or ?? [])].map(stepsOf),
        ...(extract.optional ? { optional: true } : {}),
        ...(extract.joined ? { joined: true } : {}),
      };
    case "header":
      return { kind, name, from: extract.header.toLowerCase() };
    case "cookie":
      return { kind, name, from: extract.cookie };
    case "text":
      return { kind, name };
  }
}

/** What may be absent says so by itself. */
function given(template: Template): Text {
  return textOf({
    parts: template.parts.map((part) => (typeof part === "string" ? part : { ...part, optional: true })),
  });
}

function signerOf(signer: Signer): SignerPlan {
  switch (signer.kind) {
    case "oauth1":
      return {
        kind: "oauth1",
        method: signer.method,
        consumerKey: textOf(signer.consumer_key),
        consumerSecret: textOf(signer.consumer_secret),
        ...(signer.token ? { token: given(signer.token) } : {}),
        ...(signer.token_secret ? { tokenSecret: given(signer.token_secret) } : {}),
        ...(signer.realm ? { realm: given(signer.realm) } : {}),
        extra: signer.extra.map(({ name, value }) => [name, textOf(value)] as const),
      };
    case "aws_sigv4":
      return {
        kind: "aws_sigv4",
        service: textOf(signer.service),
        region: textOf(signer.region),
        accessKeyId: textOf(signer.access_key_id),
        secretAccessKey: textOf(signer.secret_access_key),
        ...(signer.session_token ? { sessionToken: given(signer.session_token) } : {}),
      };
    case "digest":
      return { kind: "digest", username: textOf(signer.username), password: textOf(signer.password) };
    case "wsse":
      return {
        kind: "wsse",
        header: signer.header.toLowerCase(),
        username: textOf(signer.username),
        password: textOf(signer.password),
        nonce: signer.nonce,
        digest: signer.digest,
      };
  }
}
