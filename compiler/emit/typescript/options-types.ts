import type { CredentialField, Profile, Setting } from "../../../schema/ir.ts";
import { type ClientModel, isRequired, type ProfileModel } from "./client-model.ts";
import { type DocTag, docComment } from "./comment.ts";
import { credentialType, fieldType, limitedType } from "./field-type.ts";
import { propertyName, stringLiteral } from "./literal.ts";
import { after, type TypeText } from "./type-text.ts";

/** The declarations for what a client is made with: settings, credentials by profile, the rest of a connection. */
export function optionsTypes(model: ClientModel): readonly string[] {
  return [
    configType(model),
    ...model.profiles.map(({ profile, credentials }) => credentialsType(profile, credentials)),
    baseOptions(model),
    ...model.profiles.map((profile) => profileOptions(model, profile)),
    severalOptions(model),
    `/** How to connect: the profile decides which credentials are due. */\nexport type ${model.options} =${[
      ...model.profiles.map(({ options }) => options),
      model.severalOptions,
    ]
      .map((name) => `\n  | ${name}`)
      .join("")};\n`,
  ];
}

interface Line {
  readonly key: string;
  readonly type: TypeText;
  readonly required: boolean;
  readonly doc: string;
}

/** Aliases, not interfaces: only an alias may stand where the runtime takes a map of values. */
function alias(name: string, doc: string, ...forms: readonly (readonly Line[])[]): string {
  return `${doc}export type ${name} = ${forms.map(objectText).join(" | ")};\n`;
}

function objectText(lines: readonly Line[]): string {
  if (lines.length === 0) return "{ readonly [key: string]: never }";
  const members = lines.map(
    ({ key, type, required, doc }) =>
      `${doc}${after(`  readonly ${propertyName(key)}${required ? "" : "?"}:`, type)};\n`,
  );
  return `{\n${members.join("")}}`;
}

function configType({ ir, config }: ClientModel): string {
  const lines = ir.settings.map((setting) => ({
    key: setting.key,
    type: limitedType(setting.enum, fieldType(setting.type), "  "),
    required: isRequired(setting),
    doc: fieldDoc(setting),
  }));
  return alias(config, docComment("", ["Settings of a connection; none is secret."]), lines);
}

/** A profile that takes tokens is content with an access token alone: then nothing else is due. */
function credentialsType(profile: Profile, name: string): string {
  const doc = docComment("", [
    profile.description ?? `Credentials of the profile ${profile.id}.`,
    profile.docs_url,
  ]);
  const tokens = takesTokens(profile)
    ? givenTokens.filter(({ key }) => !profile.fields.some((field) => field.key === key))
    : [];
  const lines = [...profile.fields, ...tokens].map(credentialLine);
  const withToken = lines.map((line) => ({ ...line, required: line.key === "access_token" }));
  return takesTokens(profile) && !needsNothing(profile)
    ? alias(name, doc, lines, withToken)
    : alias(name, doc, lines);
}

function credentialLine(field: CredentialLike): Line {
  return {
    key: field.key,
    type: limitedType(field.enum, credentialType(field.type), "  "),
    required: field.required,
    doc: fieldDoc(field),
  };
}

type CredentialLike = Pick<
  CredentialField,
  "key" | "type" | "required" | "description" | "enum" | "label" | "example"
>;

function takesTokens(profile: Profile): boolean {
  return profile.type.startsWith("oauth2_") || profile.type === "service_account";
}

/** Tokens that a caller may bring along to every OAuth profile and service account. */
const givenTokens: readonly CredentialLike[] = [
  {
    key: "access_token",
    type: "secret",
    required: false,
    description: "A token obtained elsewhere; used as it is.",
  },
  { key: "refresh_token", type: "secret", required: false, description: "Renews the access token." },
  { key: "expires_at", type: "string", required: false, description: "When the access token ends." },
];

function baseOptions({ ir, baseOptions: name, config }: ClientModel): string {
  const optional = !ir.settings.some(isRequired);
  return [
    docComment("", ["What every connection is made with, whatever its profile."]),
    `export interface ${name} extends Omit<connectorc.ConnectOptions, "profile" | "profiles" | "credentials" | "config"> {\n`,
    docComment("  ", ["Settings of the connection."]),
    `  readonly config${optional ? "?" : ""}: ${config};\n`,
    docComment("  ", ["A runtime that is shared with other clients; it stays open when the client closes."]),
    "  readonly runtime?: connectorc.Runtime;\n",
    "}\n",
  ].join("");
}

function profileOptions(model: ClientModel, { profile, credentials, options }: ProfileModel): string {
  return [
    docComment("", [profile.description ?? `Connects by the profile ${profile.id}.`]),
    `export interface ${options} extends ${model.baseOptions} {\n`,
    `  readonly profile: ${stringLiteral(profile.id)};\n`,
    docComment("  ", [
      "The credentials, or a function that gives them when they are first needed and after a refusal.",
    ]),
    `  readonly credentials${needsNothing(profile) ? "?" : ""}: ${credentials} | CredentialsProvider<${credentials}>;\n`,
    "}\n",
  ].join("");
}

function severalOptions({ severalOptions: name, baseOptions, profiles }: ClientModel): string {
  const lines = profiles.map(
    ({ profile, credentials }) =>
      `    readonly ${propertyName(profile.id)}?: { readonly credentials: ${credentials} | CredentialsProvider<${credentials}> };\n`,
  );
  return [
    docComment("", [
      "Connects with credentials of several profiles: each operation uses the first of its own that is given.",
    ]),
    `export interface ${name} extends ${baseOptions} {\n`,
    "  readonly profile?: never;\n",
    `  readonly profiles: {\n${lines.join("")}  };\n`,
    "}\n",
  ].join("");
}

function needsNothing(profile: Profile): boolean {
  return !profile.fields.some((field) => field.required);
}

function fieldDoc(field: Pick<Setting, "label" | "description" | "example" | "default">): string {
  const tags: DocTag[] = [];
  if (field.default !== undefined) tags.push({ tag: "defaultValue", text: JSON.stringify(field.default) });
  if (field.example !== undefined) tags.push({ tag: "example", text: JSON.stringify(field.example) });
  return docComment("  ", [field.description ?? field.label], tags);
}
