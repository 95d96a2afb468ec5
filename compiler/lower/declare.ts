import type { FieldType, ParameterLocation, ProfileType } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";

/**
 * What a descriptor declares, each thing with the place where it stands: the tables that names are bound
 * against and that the rules look things up in. Nothing is judged here.
 */
export interface Declared {
  readonly root: Cursor;
  readonly settings: readonly DeclaredField[];
  readonly profiles: readonly DeclaredProfile[];
  readonly chains: readonly DeclaredChain[];
  readonly operations: readonly DeclaredOperation[];
  readonly limits: readonly DeclaredLimit[];
  readonly schemas: readonly { readonly name: string; readonly at: Cursor }[];
  readonly tools: readonly DeclaredTool[];
  /** Some settings or profiles could not be read: a name that is not found may be theirs. */
  readonly openSettings: boolean;
  readonly openProfiles: boolean;
}

/** A credential field or a connection setting. */
export interface DeclaredField {
  readonly key: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly secret: boolean;
  readonly implied: boolean;
  /** Bounded by a pattern, an enum or a format. */
  readonly bounded: boolean;
  /** The field itself; of an implied one, what implies it. */
  readonly at: Cursor;
}

export interface DeclaredProfile {
  readonly id: string;
  readonly type: ProfileType;
  readonly at: Cursor;
  readonly fields: readonly DeclaredField[];
  /** It declares fields itself. */
  readonly hasFields: boolean;
  readonly chain: DeclaredChain | undefined;
  /** Some of its fields could not be read. */
  readonly open: boolean;
}

export interface DeclaredChain {
  readonly id: string;
  readonly at: Cursor;
  readonly initial: readonly { readonly key: string; readonly at: Cursor }[];
  readonly steps: readonly DeclaredStep[];
  readonly final: string | undefined;
}

export interface DeclaredStep {
  readonly name: string;
  readonly at: Cursor;
  readonly extracts: readonly { readonly name: string; readonly at: Cursor }[];
  readonly open: boolean;
}

export interface DeclaredOperation {
  readonly id: string;
  readonly at: Cursor;
  readonly parameters: readonly DeclaredParameter[];
  readonly open: boolean;
}

export interface DeclaredParameter {
  readonly name: string;
  readonly location: ParameterLocation;
  readonly type: FieldType;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly at: Cursor;
}

export interface DeclaredLimit {
  readonly name: string | undefined;
  readonly scope: string;
  readonly at: Cursor;
}

export interface DeclaredTool {
  readonly name: string | undefined;
  readonly operation: string | undefined;
  readonly at: Cursor;
}

export function declare(root: Cursor): Declared {
  const chains = root.at("credential_chains").items().map(declareChain);
  const settings = root
    .at("connection_config")
    .items()
    .flatMap((at) => declareField(at, false));
  const profiles = root
    .at("authentication")
    .items()
    .flatMap((at) => declareProfile(at, chains, settings));
  return {
    root,
    openSettings: isOpen(root.at("connection_config"), settings.length),
    openProfiles: isOpen(root.at("authentication"), profiles.length),
    settings,
    chains,
    profiles,
    operations: root.at("operations").items().map(declareOperation),
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

/** Something stands there, and not all of it could be read as a list of `count` things. */
function isOpen(at: Cursor, count: number): boolean {
  return at.exists && (at.node?.kind !== "list" || at.node.items.length !== count);
}

function declareField(at: Cursor, credential: boolean): DeclaredField[] {
  const key = at.at("key").string();
  if (key === undefined) return [];
  const type = fieldType(at.at("field_type").string());
  return [
    {
      key,
      type,
      required: at.at("required").boolean() ?? true,
      secret:
        credential &&
        (at.at("secret").boolean() === true || type === "secret" || type === "password" || type === "json"),
      implied: false,
      bounded:
        at.has("pattern") || at.has("enum") || at.has("format") || type === "integer" || type === "boolean",
      at,
    },
  ];
}

const profileTypes: readonly string[] = [
  "api_key",
  "basic",
  "bearer",
  "none",
  "oauth2_authorization_code",
  "oauth2_client_credentials",
  "service_account",
  "jwt",
  "oauth1",
  "aws_sigv4",
  "digest",
  "wsse",
];

function declareProfile(
  at: Cursor,
  chains: readonly DeclaredChain[],
  settings: readonly DeclaredField[],
): DeclaredProfile[] {
  const type = at.at("type").string();
  if (type === undefined || !isProfileType(type)) return [];
  const chainId = at.at("credential_chain_id").string();
  const chain = chainId === undefined ? undefined : chains.find(({ id }) => id === chainId);
  const declared = at
    .at("fields")
    .items()
    .flatMap((field) => declareField(field, true));
  const hasFields = at.has("fields");
  const open = isOpen(at.at("fields"), declared.length) || (at.has("credential_chain_id") && !chain);
  return [
    {
      id: at.at("profile_id").string() ?? type,
      type,
      at,
      hasFields,
      chain,
      open,
      fields: hasFields ? withTokens(type, declared, at) : impliedFields(type, chain, settings, at),
    },
  ];
}

function isProfileType(type: string): type is ProfileType {
  return profileTypes.includes(type);
}

const secretField = (key: string, at: Cursor, required = true): DeclaredField => ({
  key,
  type: "secret",
  required,
  secret: true,
  implied: true,
  bounded: false,
  at,
});
const plainField = (key: string, at: Cursor, required = true): DeclaredField => ({
  key,
  type: "string",
  required,
  secret: false,
  implied: true,
  bounded: false,
  at,
});

/** Fields implied when a profile declares none (language reference, "Names and scopes"). */
function impliedFields(
  type: ProfileType,
  chain: DeclaredChain | undefined,
  settings: readonly DeclaredField[],
  at: Cursor,
): DeclaredField[] {
  if (chain)
    return chain.initial
      .filter(({ key }) => !settings.some((setting) => setting.key === key))
      .map((initial) =>
        standsInHost(chain, initial.key)
          ? plainField(initial.key, initial.at)
          : secretField(initial.key, initial.at),
      );
  switch (type) {
    case "basic":
    case "digest":
    case "wsse":
      return [plainField("username", at), secretField("password", at)];
    case "bearer":
      return [secretField("token", at)];
    case "oauth2_client_credentials":
    case "oauth2_authorization_code":
      return withTokens(type, [plainField("client_id", at), secretField("client_secret", at)], at);
    case "service_account":
      return withTokens(type, [{ ...secretField("service_account_json", at), type: "json" }], at);
    case "oauth1":
      return ["consumer_key", "consumer_secret", "token", "token_secret"].map((key) => secretField(key, at));
    case "aws_sigv4":
      return [
        plainField("access_key_id", at),
        secretField("secret_access_key", at),
        secretField("session_token", at, false),
      ];
    default:
      return [];
  }
}

/** Every OAuth profile also accepts tokens that were obtained elsewhere. */
function withTokens(type: ProfileType, fields: readonly DeclaredField[], at: Cursor): DeclaredField[] {
  if (!type.startsWith("oauth2_") && type !== "service_account") return [...fields];
  const given = [
    secretField("access_token", at, false),
    secretField("refresh_token", at, false),
    plainField("expires_at", at, false),
  ];
  return [...fields, ...given.filter(({ key }) => !fields.some((field) => field.key === key))];
}

/** `{name}` opens an endpoint or stands between `://` and the path. */
function standsInHost(chain: DeclaredChain, name: string): boolean {
  const pattern = new RegExp(
    `^(\\{${name.replace(/[^\w-]/g, "")}\\}|[a-z]+://[^/?#]*\\{${name.replace(/[^\w-]/g, "")}\\})`,
    "i",
  );
  return chain.steps.some((step) => pattern.test(step.at.at("endpoint").string() ?? ""));
}

function declareChain(at: Cursor): DeclaredChain {
  return {
    id: at.at("chain_id").string() ?? "",
    at,
    initial: at
      .at("initial_credentials_required")
      .items()
      .flatMap((item) => {
        const key = item.string();
        return key === undefined ? [] : [{ key, at: item }];
      }),
    steps: at
      .at("steps")
      .items()
      .map((step, index) => ({
        name: step.at("step_name").string() ?? `step_${index + 1}`,
        at: step,
        open: step.at("extract").node?.kind !== "map",
        extracts: step
          .at("extract")
          .entries()
          .map(([name, value]) => ({ name, at: value })),
      })),
    final: at.at("final_credential_name").string(),
  };
}

function declareOperation(at: Cursor): DeclaredOperation {
  const parameters = at.at("parameters").items().flatMap(declareParameter);
  return {
    id: at.at("operation_id").string() ?? "",
    at,
    parameters,
    open: isOpen(at.at("parameters"), parameters.length),
  };
}

const locations: readonly string[] = ["query", "path", "header", "body", "cookie"];

function declareParameter(at: Cursor): DeclaredParameter[] {
  const name = at.at("name").string();
  const location = at.at("location").string();
  if (name === undefined || location === undefined || !isLocation(location)) return [];
  return [
    {
      name,
      location,
      type: fieldType(at.at("field_type").string()),
      required: location === "path" || at.at("required").boolean() === true,
      hasDefault: at.has("default_value"),
      at,
    },
  ];
}

function isLocation(location: string): location is ParameterLocation {
  return locations.includes(location);
}

const fieldTypes: readonly string[] = [
  "string",
  "integer",
  "number",
  "boolean",
  "secret",
  "password",
  "json",
  "array",
  "object",
  "date",
  "datetime",
  "file",
];

function fieldType(text: string | undefined): FieldType {
  return text !== undefined && isFieldType(text) ? text : "string";
}

function isFieldType(text: string): text is FieldType {
  return fieldTypes.includes(text);
}
