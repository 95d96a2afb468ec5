import type { Rule } from "./rule.ts";
import { authenticationDuplicateField } from "./rules/authentication-duplicate-field.ts";
import { authenticationDuplicateProfile } from "./rules/authentication-duplicate-profile.ts";
import { authenticationNoPlacement } from "./rules/authentication-no-placement.ts";
import { authenticationUnusedField } from "./rules/authentication-unused-field.ts";
import { chainDuplicateId } from "./rules/chain-duplicate-id.ts";
import { chainDuplicateStep } from "./rules/chain-duplicate-step.ts";
import { chainFinalCredential } from "./rules/chain-final-credential.ts";
import { chainInitialCredential } from "./rules/chain-initial-credential.ts";
import { chainLifeExtract } from "./rules/chain-life-extract.ts";
import { chainUnusedCredential } from "./rules/chain-unused-credential.ts";
import { chainUnusedExtract } from "./rules/chain-unused-extract.ts";
import { headerDuplicate } from "./rules/header-duplicate.ts";
import { headerInvalidName } from "./rules/header-invalid-name.ts";
import { headerInvalidValue } from "./rules/header-invalid-value.ts";
import { headerReserved } from "./rules/header-reserved.ts";
import { headerShadowsCredential } from "./rules/header-shadows-credential.ts";
import { limitCost } from "./rules/limit-cost.ts";
import { limitDuplicate } from "./rules/limit-duplicate.ts";
import { mcpDuplicateParameter } from "./rules/mcp-duplicate-parameter.ts";
import { mcpDuplicateTool } from "./rules/mcp-duplicate-tool.ts";
import { mcpToolName } from "./rules/mcp-tool-name.ts";
import { mcpUnknownOperation } from "./rules/mcp-unknown-operation.ts";
import { mcpUnknownParameter } from "./rules/mcp-unknown-parameter.ts";
import { namesForbidden } from "./rules/names-forbidden.ts";
import { oauthClient } from "./rules/oauth-client.ts";
import { oauthMissingUrl } from "./rules/oauth-missing-url.ts";
import { oauthUnknownScope } from "./rules/oauth-unknown-scope.ts";
import { operationBodyOnGet } from "./rules/operation-body-on-get.ts";
import { operationBodyOnHead } from "./rules/operation-body-on-head.ts";
import { operationDuplicateId } from "./rules/operation-duplicate-id.ts";
import { operationExampleParameter } from "./rules/operation-example-parameter.ts";
import { paginationCursorSource } from "./rules/pagination-cursor-source.ts";
import { paginationParameter } from "./rules/pagination-parameter.ts";
import { paginationRecordsPath } from "./rules/pagination-records-path.ts";
import { parameterDefaultMismatch } from "./rules/parameter-default-mismatch.ts";
import { parameterDuplicateName } from "./rules/parameter-duplicate-name.ts";
import { parameterDuplicateWireName } from "./rules/parameter-duplicate-wire-name.ts";
import { parameterNotAPathParameter } from "./rules/parameter-not-a-path-parameter.ts";
import { parameterPathNotInEndpoint } from "./rules/parameter-path-not-in-endpoint.ts";
import { parameterStyle } from "./rules/parameter-style.ts";
import { parameterTypeConflict } from "./rules/parameter-type-conflict.ts";
import { referenceUnknownChain } from "./rules/reference-unknown-chain.ts";
import { referenceUnknownCredential } from "./rules/reference-unknown-credential.ts";
import { referenceUnknownField } from "./rules/reference-unknown-field.ts";
import { referenceUnknownLimit } from "./rules/reference-unknown-limit.ts";
import { referenceUnknownProfile } from "./rules/reference-unknown-profile.ts";
import { referenceUnknownSchema } from "./rules/reference-unknown-schema.ts";
import { schemaPattern } from "./rules/schema-pattern.ts";
import { schemaRemoteReference } from "./rules/schema-remote-reference.ts";
import { secretInUrl } from "./rules/secret-in-url.ts";
import { secretLiteral } from "./rules/secret-literal.ts";
import { secretNotMarked } from "./rules/secret-not-marked.ts";
import { settingDuplicateKey } from "./rules/setting-duplicate-key.ts";
import { settingImplied } from "./rules/setting-implied.ts";
import { settingPattern } from "./rules/setting-pattern.ts";
import { settingUnused } from "./rules/setting-unused.ts";
import { urlExtractInHost } from "./rules/url-extract-in-host.ts";
import { urlInsecure } from "./rules/url-insecure.ts";
import { urlUnboundedHost } from "./rules/url-unbounded-host.ts";

/**
 * Every rule, in the order in which they are asked: what is declared twice, what refers to nothing, chains and
 * credentials, URLs, parameters, headers, limits, schemas, secrets. Findings are sorted by place afterwards.
 */
export const rules: readonly Rule[] = [
  namesForbidden,
  authenticationDuplicateProfile,
  authenticationDuplicateField,
  settingDuplicateKey,
  chainDuplicateId,
  chainDuplicateStep,
  operationDuplicateId,
  parameterDuplicateName,
  parameterDuplicateWireName,
  limitDuplicate,
  mcpDuplicateTool,
  mcpDuplicateParameter,
  referenceUnknownProfile,
  referenceUnknownChain,
  referenceUnknownCredential,
  referenceUnknownField,
  referenceUnknownLimit,
  referenceUnknownSchema,
  schemaRemoteReference,
  mcpUnknownOperation,
  mcpUnknownParameter,
  mcpToolName,
  chainInitialCredential,
  chainFinalCredential,
  chainLifeExtract,
  chainUnusedExtract,
  chainUnusedCredential,
  authenticationNoPlacement,
  authenticationUnusedField,
  oauthMissingUrl,
  oauthClient,
  oauthUnknownScope,
  settingImplied,
  settingUnused,
  settingPattern,
  urlInsecure,
  urlUnboundedHost,
  urlExtractInHost,
  parameterPathNotInEndpoint,
  parameterNotAPathParameter,
  parameterDefaultMismatch,
  parameterTypeConflict,
  parameterStyle,
  operationBodyOnGet,
  operationBodyOnHead,
  operationExampleParameter,
  headerInvalidName,
  headerInvalidValue,
  headerReserved,
  headerDuplicate,
  headerShadowsCredential,
  paginationCursorSource,
  paginationParameter,
  paginationRecordsPath,
  limitCost,
  schemaPattern,
  secretInUrl,
  secretLiteral,
  secretNotMarked,
];
