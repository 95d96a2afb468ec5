/** Names that a value may refer to, by the place where it stands. */
import type { Model } from "../../lower/lower.ts";
import { afterChain } from "../../lower/oauth-after.ts";
import { profilesOf } from "../../lower/operation.ts";
import type { Pointer } from "../../read/tree.ts";

export interface OfferedName {
  readonly name: string;
  readonly detail: string;
  readonly description?: string | undefined;
}

/** The names that fit at a path; undefined where a value there is no reference. */
export function namesFor(model: Model, path: Pointer): readonly OfferedName[] | undefined {
  const place = path.map((part) => (typeof part === "number" ? "*" : part)).join("/");
  for (const { pattern, names } of places) if (pattern.test(place)) return names(model, path);
  return undefined;
}

/** The parameters that a key of a mapping may name. */
export function keyNamesFor(model: Model, path: Pointer): readonly OfferedName[] | undefined {
  const { declared } = model;
  const [section, , list, index, key] = path;
  if (section === "mcp_config" && list !== undefined && path.at(-1) === "parameter_mappings") {
    const tool = declared.tools[Number(path[2])];
    return parametersOf(model, declared.operations.find(({ id }) => id === tool?.operation)?.at.path);
  }
  if (section === "operations" && list === "examples" && key === "params" && index !== undefined)
    return parametersOf(model, path.slice(0, 2));
  return undefined;
}

interface NamePlace {
  readonly pattern: RegExp;
  readonly names: (model: Model, path: Pointer) => readonly OfferedName[];
}

const places: readonly NamePlace[] = [
  { pattern: /^operations\/\*\/auth_type_ref(?:\/\*)?$/, names: profileNames },
  { pattern: /^operations\/\*\/rate_limit_scope(?:\/\*)?$/, names: limitNames },
  { pattern: /^operations\/\*\/credential_field$/, names: credentialNames },
  {
    pattern: /^operations\/\*\/pagination\/\w+_param$/,
    names: (model, path) => parametersOf(model, path.slice(0, 2)),
  },
  { pattern: /^authentication\/\*\/credential_chain_id$/, names: chainNames },
  { pattern: /^authentication\/\*\/mtls\/(?:certificate|key)$/, names: fieldNames },
  { pattern: /^authentication\/\*\/oauth\/default_scopes\/\*$/, names: scopeNames },
  { pattern: /^credential_chains\/\*\/final_credential_name$/, names: finalNames },
  { pattern: /^credential_chains\/\*\/initial_credentials_required\/\*$/, names: initialNames },
  { pattern: /^credential_chains\/\*\/steps\/\*\/ttl_from\/extract$/, names: stepExtracts },
  {
    pattern: /^authentication\/\*\/oauth\/after_token\/\*\/ttl_from\/extract$/,
    names: afterExtracts,
  },
  { pattern: /^mcp_config\/route_mappings\/\*\/operation_id$/, names: operationNames },
  { pattern: /(?:^|\/)\$ref$/, names: schemaNames },
];

function profileNames({ declared }: Model): readonly OfferedName[] {
  return declared.profiles.map(({ id, type, at }) => ({
    name: id,
    detail: `profile of type ${type}`,
    description: at.at("description").string(),
  }));
}

function limitNames({ declared }: Model): readonly OfferedName[] {
  return declared.limits.map(({ name, scope, at }) => ({
    name: name ?? scope,
    detail: name === undefined ? "limits of this scope without a name" : `rate limit ${scope}`,
    description: at.at("note").string(),
  }));
}

function chainNames({ declared }: Model): readonly OfferedName[] {
  return declared.chains.map(({ id, at }) => ({
    name: id,
    detail: "credential chain",
    description: at.at("description").string(),
  }));
}

function operationNames({ declared }: Model): readonly OfferedName[] {
  return declared.operations.map(({ id, at }) => ({
    name: id,
    detail: `${at.at("method").string() ?? "GET"} ${at.at("endpoint").string() ?? ""}`,
    description: at.at("summary").string(),
  }));
}

function schemaNames({ declared }: Model): readonly OfferedName[] {
  return declared.schemas.map(({ name, at }) => ({
    name: `#/schemas/${name}`,
    detail: "shared schema",
    description: at.at("description").string(),
  }));
}

function parametersOf({ declared }: Model, operation: Pointer | undefined): readonly OfferedName[] {
  const found = declared.operations.find(({ at }) => at.path[1] === operation?.[1]);
  return (found?.parameters ?? []).map(({ name, location, at }) => ({
    name,
    detail: `parameter in ${location}`,
    description: at.at("description").string(),
  }));
}

function profileAt({ declared }: Model, path: Pointer): Model["declared"]["profiles"][number] | undefined {
  return declared.profiles.find(({ at }) => at.path[1] === path[1]);
}

function fieldNames(model: Model, path: Pointer): readonly OfferedName[] {
  const profile = profileAt(model, path);
  return (profile?.fields ?? []).map(({ key, secret, at }) => ({
    name: key,
    detail: secret ? "secret credential field" : "credential field",
    description: at.at("description").string(),
  }));
}

function scopeNames(model: Model, path: Pointer): readonly OfferedName[] {
  const scopes = profileAt(model, path)?.at.at("oauth").at("scopes").items() ?? [];
  return scopes.flatMap((scope) => {
    const name = scope.string() ?? scope.at("name").string();
    return name === undefined
      ? []
      : [{ name, detail: "scope", description: scope.at("description").string() }];
  });
}

function chainAt({ declared }: Model, path: Pointer): Model["declared"]["chains"][number] | undefined {
  return declared.chains.find(({ at }) => at.path[1] === path[1]);
}

function finalNames(model: Model, path: Pointer): readonly OfferedName[] {
  const last = chainAt(model, path)?.steps.at(-1);
  return (last?.extracts ?? []).map(({ name }) => ({ name, detail: `extract of the step ${last?.name}` }));
}

function stepExtracts(model: Model, path: Pointer): readonly OfferedName[] {
  const step = chainAt(model, path)?.steps[Number(path[3])];
  return (step?.extracts ?? []).map(({ name }) => ({ name, detail: "extract of this step" }));
}

function afterExtracts(model: Model, path: Pointer): readonly OfferedName[] {
  const profile = profileAt(model, path);
  const step = profile && afterChain(profile).steps[Number(path[4])];
  return (step?.extracts ?? []).map(({ name }) => ({ name, detail: "extract of this step" }));
}

function initialNames(model: Model, path: Pointer): readonly OfferedName[] {
  const { declared } = model;
  const chain = chainAt(model, path);
  const fields = declared.profiles
    .filter((profile) => profile.chain === chain && profile.hasFields)
    .flatMap((p) => p.fields);
  return [
    ...fields.map(({ key }) => ({ name: key, detail: "credential field" })),
    ...declared.settings.map(({ key }) => ({ name: key, detail: "setting" })),
  ];
}

function credentialNames(model: Model, path: Pointer): readonly OfferedName[] {
  const operation = model.declared.operations.find(({ at }) => at.path[1] === path[1]);
  const profiles = operation ? profilesOf(model.lowering, operation).profiles : [];
  return profiles.flatMap(({ chain, fields }) => [
    ...(chain?.steps ?? []).flatMap((step) =>
      step.extracts.map(({ name }) => ({ name, detail: `extract of the step ${step.name}` })),
    ),
    ...fields.filter(({ implied }) => !implied).map(({ key }) => ({ name: key, detail: "credential field" })),
  ]);
}
