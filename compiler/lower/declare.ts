import type { FieldType, ParameterLocation, ProfileType } from "../../schema/ir.ts";
import { pointerText } from "../read/tree.ts";
import { droppedKey } from "../validate/mend.ts";
import type { Cursor } from "./cursor.ts";
import { createFind } from "./find.ts";
import { createOpenness, type IsOpen, isLost } from "./openness.ts";

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
  /** Which lists may lack a name that stands there (see `openness.ts`). */
  readonly open: {
    readonly settings: boolean;
    readonly profiles: boolean;
    readonly chains: boolean;
    readonly operations: boolean;
    readonly limits: boolean;
    readonly schemas: boolean;
  };
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
  /** Some of its names could not be read. */
  readonly open: boolean;
}

export interface DeclaredStep {
  readonly name: string;
  readonly at: Cursor;
  readonly extracts: readonly { readonly name: string; readonly at: Cursor }[];
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

/** A schema that has a key twice may be two, of which one lost its name. */
function hasDoubled(schemas: Cursor, broken: ReadonlySet<string>): boolean {
  const hasDropped = ([name]: readonly [string, Cursor]): boolean =>
    broken.has(pointerText([...schemas.path, name, droppedKey]));
  return broken.size > 0 && schemas.entries().some(hasDropped);
}

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

const findChain = createFind<DeclaredChain>(({ id }) => id);
const findField = createFind<DeclaredField>(({ key }) => key);

function declareProfile(
  at: Cursor,
  chains: readonly DeclaredChain[],
  settings: readonly DeclaredField[],
  isOpen: IsOpen,
  broken: ReadonlySet<string>,
): DeclaredProfile[] {
  const type = at.at("type").string();
  if (type === undefined || !isProfileType(type)) return [];
  const chainId = at.at("credential_chain_id").string();
  const chain = chainId === undefined ? undefined : findChain(chains, chainId);
  const declared = at
    .at("fields")
    .items()
    .flatMap((field) => declareField(field, true));
  const hasFields = at.has("fields");
  const open =
    isOpen(at.at("fields"), "key") ||
    isLost(at, "fields", broken) ||
    (chain?.open ?? false) ||
    (at.has("credential_chain_id") && !chain);
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

/** What a chain asks of its profiles: the same list for all of them. */
const initialFields = new WeakMap<DeclaredChain, readonly DeclaredField[]>();

/** Fields implied when a profile declares none (language reference, "Names and scopes"). */
function impliedFields(
  type: ProfileType,
  chain: DeclaredChain | undefined,
  settings: readonly DeclaredField[],
  at: Cursor,
): readonly DeclaredField[] {
  if (chain) {
    const known = initialFields.get(chain);
    if (known) return known;
    const fields = chain.initial
      .filter(({ key }) => !findField(settings, key))
      .map((initial) =>
        standsInHost(chain, initial.key)
          ? plainField(initial.key, initial.at)
          : secretField(initial.key, initial.at),
      );
    initialFields.set(chain, fields);
    return fields;
  }
  switch (type) {
    case "basic":
    case "digest":
    case "wsse":
      return [plainField("username", at), secretField("password", at)];
    case "bearer":
      return [secretField("token", at)];
    case "oauth2_client_credentials":
    case "oauth2_authorization_code":
      return withTokens(type, clientFields(at), at);
    case "service_account":
      // Whoever writes the assertion says what it is made of.
      return at.at("oauth").has("assertion")
        ? withTokens(type, [], at)
        : withTokens(type, [{ ...secretField("service_account_json", at), type: "json" }], at);
    case "oauth1":
      // Where users log in, the token comes from there.
      return [
        ...["consumer_key", "consumer_secret"].map((key) => secretField(key, at)),
        ...["token", "token_secret"].map((key) =>
          secretField(key, at, !at.at("oauth1").has("authorize_url")),
        ),
      ];
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

/** A client that proves itself by a signature, or not at all, has no secret to share. */
function clientFields(at: Cursor): DeclaredField[] {
  const auth = at.at("oauth").at("client_auth").string();
  return auth === "none" || auth === "private_key_jwt"
    ? [plainField("client_id", at)]
    : [plainField("client_id", at), secretField("client_secret", at)];
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

/** The steps of a chain, or of `oauth.after_token`. */
export function declareSteps(list: Cursor): DeclaredStep[] {
  return list.items().map((step, index) => ({
    name: step.at("step_name").string() ?? `step_${index + 1}`,
    at: step,
    extracts: step
      .at("extract")
      .entries()
      .map(([name, value]) => ({ name, at: value })),
  }));
}

function declareChain(at: Cursor, isOpen: IsOpen, broken: ReadonlySet<string>): DeclaredChain {
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
    steps: declareSteps(at.at("steps")),
    final: at.at("final_credential_name").string(),
    open:
      isOpen(at.at("initial_credentials_required")) ||
      isOpen(at.at("steps"), "step_name") ||
      at.at("steps").items().length === 0 ||
      at
        .at("steps")
        .items()
        .some((step) => {
          const extract = step.at("extract");
          // A key of the step that nobody knows may be an extract that lost its indentation.
          const lost = broken.has(pointerText([...step.path, droppedKey]));
          return lost || extract.node?.kind !== "map" || isOpen(extract);
        }),
  };
}

function declareOperation(at: Cursor, isOpen: IsOpen, broken: ReadonlySet<string>): DeclaredOperation {
  const parameters = at.at("parameters").items().flatMap(declareParameter);
  return {
    id: at.at("operation_id").string() ?? "",
    at,
    parameters,
    open:
      isOpen(at.at("parameters"), "name") ||
      isLost(at, "parameters", broken) ||
      parameters.length < at.at("parameters").items().length,
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
