/** Connectors that are described by a `configSchema`: settings and secrets, commands with parameters, outputs, deprecations. */
import type {
  AuthProfile,
  ConnectionSetting,
  CredentialField,
  Descriptor,
  Operation,
} from "../../../schema/descriptor.ts";
import { type Draft, type Importer, ImportFailure } from "../importer.ts";
import { templateName } from "../names.ts";
import { Notes } from "../notes.ts";
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { metadataOf } from "../request/metadata.ts";
import { literal } from "../request/mustache.ts";
import { looksSecret } from "../secrets.ts";
import { createSelection } from "../select.ts";
import { commandsOf } from "./commands.ts";

export const configSchema: Importer = {
  recognises: (data) => isMap(at(schemaOf(data), "commands")),

  async draft({ data, name }, { select }) {
    const schema = schemaOf(data);
    if (!isMap(data) || Object.keys(mapAt(schema, "commands")).length === 0)
      throw new ImportFailure(`${name} describes no connector: its \`configSchema\` has no \`commands\``);
    return [carry(data, schema, name, select)];
  },
};

/** The schema of a connector, or one by itself. */
function schemaOf(data: unknown): DataMap {
  const inner = at(data, "configSchema");
  return isMap(inner) ? inner : isMap(data) && isMap(data.connectionConfig) ? data : {};
}

function carry(data: DataMap, schema: DataMap, name: string, select: readonly string[]): Draft {
  const notes = new Notes();
  const wanted = select.length > 0 ? createSelection(select) : () => true;
  const { settings, fields } = connectionOf(mapAt(schema, "connectionConfig"), notes);
  const external = textAt(data, "executionModel") === "external" ? textAt(data, "endpointUrl") : undefined;
  const profile = profileOf(fields, external !== undefined, notes);
  const base = baseOf(external, settings);
  const chosen = Object.entries(mapAt(schema, "commands")).filter(([command]) => wanted([command]));
  const config = [...settings, ...fields].map(({ key }) => key);
  const operations = commandsOf(
    chosen,
    { profile: profile.type, external: external !== undefined, config },
    notes,
  );
  if (operations.length === 0)
    throw new ImportFailure(`--select ${select.join(", ")} matches no command of ${name}`);
  const descriptor: Descriptor = {
    metadata: metadataOf({
      key: textAt(data, "name") ?? textAt(data, "type") ?? name,
      title: textAt(data, "displayName"),
      description: textAt(data, "description"),
      version: textAt(data, "version"),
      tags: [textAt(data, "category") ?? [], ...listAt(data, "tags")]
        .flat()
        .filter((tag) => typeof tag === "string"),
    }),
    base_url: base.url,
    ...(base.settings.length > 0 ? { connection_config: [...base.settings] } : {}),
    authentication: [withTest(profile, operations, external !== undefined)],
    operations,
  };
  tellRest(data, descriptor, external !== undefined, notes);
  return { descriptor, notes, operations: chosen.length };
}

interface Connection {
  readonly settings: ConnectionSetting[];
  readonly fields: CredentialField[];
}

/** Secrets are credential fields, everything else settings; the schema's defaults are kept unless they look secret. */
function connectionOf(config: DataMap, notes: Notes): Connection {
  const connection: Connection = { settings: [], fields: [] };
  for (const [name, field] of Object.entries(config)) {
    if (!isMap(field)) continue;
    const key = templateName(name);
    const description = shortText(textAt(field, "description"), 500);
    const common = {
      key,
      label: shortText(textAt(field, "label"), 200) ?? name.slice(0, 200),
      ...(field.required === true ? {} : { required: false }),
      ...(description === undefined ? {} : { description }),
    };
    if (field.secret === true || textAt(field, "type") === "secret")
      connection.fields.push({ ...common, field_type: "secret" });
    else connection.settings.push({ ...common, ...settingValue(name, field, notes) });
  }
  return connection;
}

function settingValue(name: string, field: DataMap, notes: Notes): Partial<ConnectionSetting> {
  const type = textAt(field, "type");
  const choices = listAt(field, "options").flatMap((option) => {
    const value = isMap(option) ? option.value : option;
    return typeof value === "string" || typeof value === "number" ? [value] : [];
  });
  const [first, ...more] = choices;
  const fallback = field.default;
  const isSafe = typeof fallback !== "string" || !looksSecret(fallback);
  if (!isSafe)
    notes.lose(`/connectionConfig/${name}/default`, `The default of ${name} looks like somebody's secret.`);
  return {
    ...(type === "number" || type === "boolean" ? { field_type: type } : {}),
    ...(first === undefined ? {} : { enum: [first, ...more] }),
    ...(isSafe &&
    (typeof fallback === "string" || typeof fallback === "number" || typeof fallback === "boolean")
      ? { default_value: fallback }
      : {}),
    ...(/url$/i.test(name) ? { format: "uri" as const } : {}),
  };
}

/** The schema says which values are secret, and not where they go: a single one goes as a bearer token, as in its own examples. */
function profileOf(fields: readonly CredentialField[], external: boolean, notes: Notes): AuthProfile {
  const keys = new Map(fields.map((field) => [field.key.toLowerCase(), field.key]));
  const [first] = fields;
  if (!first) return { type: "none" };
  // The execution protocol has them in its bodies.
  if (external) return { type: "api_key", fields: [...fields], auth_headers: {} };
  const lone =
    fields.length === 1 ? first.key : (keys.get("bearertoken") ?? keys.get("token") ?? keys.get("apikey"));
  const profile: AuthProfile = {
    type: "api_key",
    fields: [...fields],
    ...(lone === undefined ? { auth_headers: {} } : { auth_headers: { Authorization: `Bearer {${lone}}` } }),
  };
  notes.lose(
    "/connectionConfig",
    lone === undefined
      ? `The schema does not say where ${fields.map(({ key }) => key).join(", ")} go: place them here.`
      : `The schema does not say where ${lone} goes: it is sent as a bearer token.`,
    profile,
    "auth_headers",
  );
  return profile;
}

/** A service of its own has its URL; else the setting that is called so is the base. */
function baseOf(
  external: string | undefined,
  settings: readonly ConnectionSetting[],
): { readonly url: string; readonly settings: readonly ConnectionSetting[] } {
  if (external !== undefined) return { url: literal(external), settings };
  const own = settings.find(({ key }) => /^base_?url$|^(?:api_?)?url$|^endpoint$/i.test(key));
  if (own) return { url: `{${own.key}}`, settings };
  return {
    url: "{base_url}",
    settings: [{ key: "base_url", label: "Base URL", format: "uri" }, ...settings],
  };
}

/** A service of its own answers at `/health`; else a command called `test` without parameters is the test. */
function withTest(profile: AuthProfile, operations: readonly Operation[], external: boolean): AuthProfile {
  if (profile.type === "none") return profile;
  if (external) return { ...profile, test_endpoint: { url: "/health" } };
  const test = operations.find(({ operation_id: id }) => id === "test");
  return test?.endpoint !== undefined && (test.parameters?.length ?? 0) === 0
    ? { ...profile, test_endpoint: { url: test.endpoint } }
    : profile;
}

function tellRest(data: DataMap, descriptor: Descriptor, external: boolean, notes: Notes): void {
  if (!external)
    notes.lose(
      "/configSchema/commands",
      "The schema names commands and no addresses: each endpoint is the command's name until you write its path and method.",
      descriptor,
      "operations",
    );
  if (data.scriptSource !== undefined)
    notes.lose(
      "/scriptSource",
      "The script is code, and is not carried over: its requests are to be written as operations.",
    );
  if (isMap(data.config))
    notes.lose("/config", "Values of a connection are never written: give them where you connect.");
}
