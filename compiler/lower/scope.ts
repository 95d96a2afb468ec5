import type { Context, FieldType, ValueSymbol } from "../../schema/ir.ts";
import { functions, isFunctionName } from "../../schema/language/functions.ts";
import { closest, list, nearestFirst, sameButForStyle } from "../../schema/language/spelling.ts";
import type { RuleId } from "../diagnostics.ts";
import type { ChainExtracts } from "./chain-extracts.ts";
import type { DeclaredField, DeclaredParameter, DeclaredProfile } from "./declared.ts";
import { createFind, createFindAll } from "./find.ts";

/** What the names in a template may mean at its place (language reference, "Names and scopes"). */
export interface Scope {
  /** `auth`: chain extracts, credentials, oauth, settings. `call`: parameters, settings, credentials. */
  readonly place: "auth" | "call";
  readonly parameters: readonly DeclaredParameter[];
  readonly profiles: readonly DeclaredProfile[];
  readonly settings: readonly DeclaredField[];
  readonly extracts: readonly ExtractName[];
  /** Extracts of this and later steps: known, not there yet. */
  readonly later: readonly ExtractName[];
  /** In a chain's step: the chain's extracts by their names, and the step that may use those of the steps before it. */
  readonly steps?: { readonly chain: ChainExtracts; readonly before: number };
  readonly oauth: readonly string[];
  /** In a refresh request: `{refresh_token}` is the one that is spent. */
  readonly spends?: boolean;
  /** A part of what could be named here was not readable, and was reported: a name that is not found is no finding. */
  readonly open: boolean;
  /** The extract that the chain ends with: `{name}` in a placement means the token. */
  readonly final?: ExtractName;
}

const extractsOf = createFindAll<ExtractName>(({ name }) => name);

/** The extracts of a name: those of the scope, and those that are not there yet. */
function extractsNamed(name: string, scope: Scope): Pick<Scope, "extracts" | "later"> {
  const { steps } = scope;
  if (steps) {
    const all = steps.chain.named(name);
    return {
      extracts: all.filter(({ index }) => index < steps.before),
      later: all.filter(({ index }) => index >= steps.before),
    };
  }
  return { extracts: extractsOf(scope.extracts, name), later: extractsOf(scope.later, name) };
}

export interface ExtractName {
  readonly step: string;
  readonly name: string;
}

export interface Bound {
  readonly symbol: ValueSymbol;
  readonly type: FieldType;
  readonly secret: boolean;
  readonly optional: boolean;
}

export interface Unbound {
  readonly rule: RuleId;
  readonly message: string;
  readonly help: string;
  /** The name that was probably meant. */
  readonly meant?: string;
  /** It is the only one that differs in case and separators alone. */
  readonly certain?: boolean;
  /** Nothing is known by this or a similar name: a URL may imply a setting. */
  readonly unknown?: boolean;
}

const findParameter = createFind<DeclaredParameter>(({ name }) => name);
const findField = createFind<DeclaredField>(({ key }) => key);

const qualifiers = ["params", "credentials", "chain", "config", "oauth", "request", "state"] as const;
const requestParts = ["method", "host", "path", "query", "body"] as const;
type RequestPart = (typeof requestParts)[number];

export function bindName(path: readonly string[], scope: Scope, context: Context): Bound | Unbound {
  const [first = "", ...rest] = path;
  if (rest.length === 0) return bindBare(first, scope, context);
  return bindQualified(first, rest, scope);
}

/** Whether a bare name is understood at a place: the question alone, without advice. */
export function isBound(name: string, scope: Scope, context: Context): boolean {
  const found = findBare(name, scope, context);
  return found !== undefined && "symbol" in found;
}

function bindBare(name: string, scope: Scope, context: Context): Bound | Unbound {
  return findBare(name, scope, context) ?? unknownName(name, scope);
}

function findBare(name: string, scope: Scope, context: Context): Bound | Unbound | undefined {
  const inHost = isHostContext(context);
  const parameter = scope.place === "call" ? findParameter(scope.parameters, name) : undefined;
  const setting = findField(scope.settings, name);
  if (parameter && !(inHost && (setting || credentialOf(name, scope)))) return fromParameter(parameter);
  if (scope.place === "auth") {
    const extract = bindExtract(name, scope) ?? spentToken(name, scope);
    if (extract) return extract;
    const credential = tokenOf(name, scope) ?? credentialOf(name, scope);
    if (credential) return credential;
    if (scope.oauth.includes(name)) return fromOauth(name);
    if (setting) return fromSetting(setting);
    // The address that the login came back to is kept with it.
    return scope.spends && name === "redirect_uri" ? fromOauth(name) : undefined;
  }
  if (setting) return fromSetting(setting);
  return tokenOf(name, scope) ?? credentialOf(name, scope) ?? bindExtract(name, scope);
}

function bindQualified(qualifier: string, rest: readonly string[], scope: Scope): Bound | Unbound {
  const name = rest.at(-1) ?? "";
  if (qualifier !== "chain" && rest.length > 1)
    return notFound(
      `{${[qualifier, ...rest].join(".")}} has too many parts.`,
      `Write {${qualifier}.${rest[0]}}.`,
    );
  switch (qualifier) {
    case "params": {
      const parameter = findParameter(scope.parameters, name);
      return parameter
        ? fromParameter(parameter)
        : missing(
            "parameter",
            name,
            scope.parameters.map((p) => p.name),
            `params.`,
          );
    }
    case "credentials":
      return (
        tokenOf(name, scope) ??
        credentialOf(name, scope) ??
        missing(
          "credential field",
          name,
          scope.profiles.flatMap((p) => p.fields.map((f) => f.key)),
          "credentials.",
        )
      );
    case "config": {
      const setting = findField(scope.settings, name);
      return setting
        ? fromSetting(setting)
        : {
            ...missing(
              "setting",
              name,
              scope.settings.map((s) => s.key),
              "config.",
            ),
            unknown: true,
          };
    }
    case "oauth":
      if (name === "access_token")
        return { symbol: { kind: "token" }, type: "string", secret: true, optional: false };
      return (
        spentToken(name, scope) ??
        (scope.oauth.includes(name) || (standardValues.includes(name) && hasTokenAnswer(scope))
          ? fromOauth(name)
          : missing("value of `oauth.extract`", name, scope.oauth, "oauth."))
      );
    case "chain":
      return (
        bindExtract(name, scope, rest.length > 1 ? rest[0] : undefined) ??
        missing(
          "extract",
          name,
          scope.extracts.map((e) => e.name),
          "chain.",
        )
      );
    case "request":
      if (isRequestPart(name))
        return { symbol: { kind: "request", part: name }, type: "string", secret: false, optional: false };
      return missing("part of the request", name, requestParts, "request.");
    case "state":
      return notFound(
        "{state.…} is reserved for a later version of the language.",
        "Use a parameter or a setting.",
      );
    default: {
      const meant = closest(qualifier, qualifiers);
      return {
        ...notFound(`\`${qualifier}\` is no source of values.`, `The sources are ${list(qualifiers)}.`),
        ...(meant ? { meant: [meant, ...rest].join(".") } : {}),
      };
    }
  }
}

function bindExtract(name: string, scope: Scope, step?: string): Bound | Unbound | undefined {
  const ofName = extractsNamed(name, scope);
  const found = ofName.extracts.filter((e) => step === undefined || e.step === step);
  const only = found.length > 1 && scope.final?.name === name ? [scope.final] : found;
  if (only.length > 1) {
    return {
      rule: "template/ambiguous-name",
      message: `\`${name}\` is extracted by ${list(only.map((e) => e.step))}.`,
      help: `Say which one is meant: {chain.${only.at(-1)?.step}.${name}}.`,
    };
  }
  const [extract] = only;
  if (extract)
    return {
      symbol: { kind: "extract", step: extract.step, name: extract.name },
      type: "string",
      secret: true,
      optional: false,
    };
  const later = ofName.later.find((e) => step === undefined || e.step === step);
  if (!later || credentialOf(name, scope) || findField(scope.settings, name)) return undefined;
  if (
    scope.steps?.chain
      .named(name)
      .some(({ index, step: own }) => index === scope.steps?.before && own === later.step)
  )
    return {
      rule: "chain/used-before-extracted",
      message: `\`${name}\` is extracted from the answer to this very step.`,
      help: "A step can use what the user gives and what earlier steps extract: extract it in an earlier step, or use another name.",
    };
  return {
    rule: "chain/used-before-extracted",
    message: `\`${name}\` is extracted by the step \`${later.step}\`, which has not run yet.`,
    help: "A step can use what the user gives and what earlier steps extract: reorder the steps.",
  };
}

/** Values of every token answer that `{oauth.name}` may say without `oauth.extract`. */
const standardValues: readonly string[] = ["scope", "token_type"];

function hasTokenAnswer({ profiles }: Scope): boolean {
  return profiles.some(({ type }) => type.startsWith("oauth2_") || type === "service_account");
}

function spentToken(name: string, { spends }: Scope): Bound | undefined {
  if (spends && name === "refresh_token")
    return { symbol: { kind: "grant", name }, type: "string", secret: true, optional: false };
  return undefined;
}

/** `{access_token}` is the token in use in every profile that obtains one. */
function tokenOf(name: string, scope: Scope): Bound | undefined {
  const obtains = scope.profiles.some(
    ({ type }) => type.startsWith("oauth2_") || type === "service_account" || type === "jwt",
  );
  return name === "access_token" && obtains
    ? { symbol: { kind: "token" }, type: "string", secret: true, optional: false }
    : undefined;
}

function credentialOf(name: string, scope: Scope): Bound | undefined {
  for (const profile of scope.profiles) {
    const field = findField(profile.fields, name);
    if (field)
      return {
        symbol: { kind: "credential", key: name },
        type: field.type,
        secret: field.secret,
        optional: !field.required,
      };
  }
  return undefined;
}

function fromParameter(p: DeclaredParameter): Bound {
  return {
    symbol: { kind: "parameter", name: p.name },
    type: p.type,
    secret: p.type === "secret" || p.type === "password",
    optional: !p.required && !p.hasDefault,
  };
}

function fromSetting(setting: DeclaredField): Bound {
  return {
    symbol: { kind: "setting", key: setting.key },
    type: setting.type,
    secret: false,
    optional: !setting.required && !setting.at.has("default_value"),
  };
}

function fromOauth(name: string): Bound {
  return { symbol: { kind: "oauth", name }, type: "string", secret: false, optional: false };
}

/** Every bare name that would have been understood. */
function knownNames(scope: Scope): readonly string[] {
  const shared = sharedNames(scope);
  if (scope.place === "auth" || scope.parameters.length === 0) return [...shared];
  const own = new Set(scope.parameters.map(({ name }) => name));
  return [...own, ...[...shared].filter((name) => !own.has(name))];
}

/** The known names that are no parameters: thousands of operations may share them. */
function sharedNames(scope: Scope): ReadonlySet<string> {
  const { place, profiles, settings, extracts, oauth } = scope;
  const before = lastNames.get(profiles);
  if (before?.place === place && before.extracts === extracts && before.oauth === oauth) return before.names;
  const auth = [...extracts.map((e) => e.name), ...oauth];
  const credentials = profiles.flatMap((p) =>
    p.fields.filter((f) => !(f.implied && ["refresh_token", "expires_at"].includes(f.key))).map((f) => f.key),
  );
  const keys = settings.map((s) => s.key);
  const names = new Set(
    place === "auth" ? [...auth, ...credentials, ...keys] : [...keys, ...credentials, ...auth],
  );
  // What a step may use is its own: kept for each of thousands, it would fill the memory.
  if (!scope.steps) lastNames.set(profiles, { place, extracts, oauth, names });
  return names;
}

type SharedNames = Pick<Scope, "place" | "extracts" | "oauth"> & { readonly names: ReadonlySet<string> };

/** What was gathered last for a list of profiles. */
const lastNames = new WeakMap<readonly DeclaredProfile[], SharedNames>();

/** One answer for all places that know the same names: thousands of URLs may hold the setting that they imply. */
function unknownName(name: string, scope: Scope): Unbound {
  if (scope.parameters.length > 0 || scope.steps) return adviseName(name, scope);
  const names = sharedNames(scope);
  const answers = unknownNames.get(names) ?? new Map<string, Unbound>();
  unknownNames.set(names, answers);
  const answer = answers.get(name) ?? adviseName(name, scope);
  answers.set(name, answer);
  return answer;
}

const unknownNames = new WeakMap<ReadonlySet<string>, Map<string, Unbound>>();

function adviseName(name: string, scope: Scope): Unbound {
  const known = knownNames(scope);
  const meant = closest(name, known);
  const parameter = scope.place === "auth" && findParameter(scope.parameters, name) !== undefined;
  const help = isFunctionName(name)
    ? `\`${name}\` is a function: write {${functions[name].usage}}.`
    : parameter
      ? `A parameter cannot be used bare where credentials are placed. Write {params.${name}} if an operation's caller is to choose it.`
      : meant
        ? `Did you mean {${meant}}?`
        : known.length > 0
          ? `Known here: ${list(nearestFirst(name, known))}.`
          : "Declare it as a parameter, a credential field or a connection setting.";
  return {
    rule: "template/unknown-name",
    message: `\`${name}\` is not declared.`,
    help,
    ...(meant && !parameter ? { meant, certain: sameButForStyle(name, known) === meant } : {}),
    unknown: !meant && !parameter,
  };
}

function missing(what: string, name: string, known: readonly string[], prefix: string): Unbound {
  const meant = closest(name, known);
  return {
    rule: "template/unknown-name",
    message: `There is no ${what} \`${name}\`.`,
    help: meant
      ? `Did you mean {${prefix}${meant}}?`
      : known.length > 0
        ? `Known here: ${list(nearestFirst(name, known))}.`
        : `None is declared for this place.`,
    ...(meant ? { meant: `${prefix}${meant}`, certain: sameButForStyle(name, known) === meant } : {}),
  };
}

function notFound(message: string, help: string): Unbound {
  return { rule: "template/unknown-name", message, help };
}

function isRequestPart(name: string): name is RequestPart {
  return requestParts.some((part) => part === name);
}

export function isHostContext(context: Context): context is "authority" | "host" | "port" | "base_url" {
  return context === "authority" || context === "host" || context === "port" || context === "base_url";
}
