import type { Connector, CredentialField, FieldType, Json, Setting } from "../../../schema/ir.ts";
import { variableName } from "../../../schema/language/variable-name.ts";
import { toolDefinitions } from "../../../schema/mcp/tool.ts";

/** A value that a user gives when a bundle is installed; the server gets it as a variable. */
export interface BundleInput {
  readonly key: string;
  readonly variable: string;
  readonly type: "string" | "number" | "boolean";
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly default?: string | number | boolean;
  readonly choices: readonly string[];
}

/** Fields of the profiles, settings, and what a server may do: one input for each variable. */
export function bundleInputs(ir: Connector): readonly BundleInput[] {
  const inputs = new Map<string, BundleInput>();
  const add = (input: BundleInput): void => {
    if (!inputs.has(input.variable)) inputs.set(input.variable, input);
  };
  for (const setting of ir.settings) add(ofSetting(ir, setting));
  // Of several profiles each user has one: none of their fields can be asked of everybody.
  const isOnly = ir.profiles.length === 1;
  for (const { fields, login, description, id } of ir.profiles) {
    const about = isOnly ? undefined : (description ?? `Of the sign-in ${id}.`);
    for (const field of fields) add(ofField(ir, field, isOnly && !login, about));
    if (login) for (const key of ["access_token", "refresh_token"]) add(ofToken(ir, key, about));
  }
  return [...inputs.values(), ...ofServer(ir, new Set([...inputs.values()].map(({ key }) => key)))];
}

function ofSetting(ir: Connector, setting: Setting): BundleInput {
  const { key, required, default: given } = setting;
  const type = typeOf(setting.type);
  const fits = typeof given === type && (typeof given !== "object" || given === null);
  return {
    ...described(ir, setting),
    type,
    required: required && given === undefined,
    secret: false,
    ...(fits && isScalar(given) ? { default: given } : {}),
    key,
  };
}

function ofField(ir: Connector, field: CredentialField, needed: boolean, about?: string): BundleInput {
  const made = described(ir, field);
  return {
    ...made,
    description: about === undefined ? made.description : `${made.description} (${about})`,
    type: typeOf(field.type),
    required: needed && field.required,
    secret: field.secret,
  };
}

/** A consent is obtained elsewhere; its tokens may be given. */
function ofToken(ir: Connector, key: string, about?: string): BundleInput {
  const title = key === "access_token" ? "Access token" : "Refresh token";
  const variable = variableName(ir.slug, key);
  const description = `${title} of a login that was made before.${about === undefined ? "" : ` ${about}`}`;
  return { key, variable, type: "string", title, description, required: false, secret: true, choices: [] };
}

function described(
  ir: Connector,
  { key, label, description, enum: allowed, example }: Setting | CredentialField,
): Pick<BundleInput, "key" | "variable" | "title" | "description" | "choices"> {
  const choices = (allowed ?? []).map(String);
  const sentences = [
    description ?? label ?? key,
    ...(choices.length > 0 ? [`One of: ${choices.join(", ")}.`] : []),
    ...(typeof example === "string" && example !== "" ? [`Such as ${example}.`] : []),
  ];
  return {
    key,
    variable: variableName(ir.slug, key),
    title: label ?? key,
    description: sentences.join(" "),
    choices,
  };
}

/** What the server itself asks: whether tools may change something, and where it may go beside the public network. */
function ofServer(ir: Connector, taken: ReadonlySet<string>): readonly BundleInput[] {
  const free = (key: string): string => (taken.has(key) ? free(`${key}_`) : key);
  const asked = { required: false, secret: false, choices: [] };
  const writes: BundleInput = {
    ...asked,
    key: free("allow_writes"),
    variable: "CONNECTOR_MCP_ALLOW_WRITES",
    type: "boolean",
    title: "Allow changes",
    description: "Offer the tools that create, change or delete something as well.",
    default: false,
  };
  const network: BundleInput = {
    ...asked,
    key: free("allow_network"),
    variable: "CONNECTOR_MCP_ALLOW_NETWORK",
    type: "string",
    title: "Private destinations",
    description: "Hosts or address ranges of a private network that may be called, separated by commas.",
  };
  return [
    ...(toolDefinitions(ir).some(({ operation }) => operation.side_effecting) ? [writes] : []),
    ...(ir.settings.length > 0 ? [network] : []),
  ];
}

function typeOf(type: FieldType): BundleInput["type"] {
  if (type === "boolean") return "boolean";
  return type === "integer" || type === "number" ? "number" : "string";
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
