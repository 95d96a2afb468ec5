import type { Rule } from "./rule.ts";
import { authenticationDuplicateField } from "./rules/authentication-duplicate-field.ts";
import { authenticationDuplicateProfile } from "./rules/authentication-duplicate-profile.ts";
import { authenticationMissingSettings } from "./rules/authentication-missing-settings.ts";
import { authenticationNoPlacement } from "./rules/authentication-no-placement.ts";
import { authenticationUnusedField } from "./rules/authentication-unused-field.ts";
import { chainCircular } from "./rules/chain-circular.ts";
import { chainCrossedExtracts } from "./rules/chain-crossed-extracts.ts";
import { chainDuplicateId } from "./rules/chain-duplicate-id.ts";
import { chainDuplicateStep } from "./rules/chain-duplicate-step.ts";
import { chainExtractMany } from "./rules/chain-extract-many.ts";
import { chainFinalCredential } from "./rules/chain-final-credential.ts";
import { chainInitialCredential } from "./rules/chain-initial-credential.ts";
import { chainLifeConflict } from "./rules/chain-life-conflict.ts";
import { chainLifeExtract } from "./rules/chain-life-extract.ts";
import { chainLifeUnit } from "./rules/chain-life-unit.ts";
import { chainOutlivesInput } from "./rules/chain-outlives-input.ts";
import { chainShadowedName } from "./rules/chain-shadowed-name.ts";
import { chainShortLife } from "./rules/chain-short-life.ts";
import { chainTtlUnit } from "./rules/chain-ttl-unit.ts";
import { chainUnplacedCredential } from "./rules/chain-unplaced-credential.ts";
import { chainUnused } from "./rules/chain-unused.ts";
import { chainUnusedCredential } from "./rules/chain-unused-credential.ts";
import { chainUnusedExtract } from "./rules/chain-unused-extract.ts";
import { chainUnusedStep } from "./rules/chain-unused-step.ts";
import { chainVolatileCacheKey } from "./rules/chain-volatile-cache-key.ts";
import { headerAuthorization } from "./rules/header-authorization.ts";
import { headerDuplicate } from "./rules/header-duplicate.ts";
import { headerInvalidName } from "./rules/header-invalid-name.ts";
import { headerInvalidValue } from "./rules/header-invalid-value.ts";
import { headerMisspelt } from "./rules/header-misspelt.ts";
import { headerReserved } from "./rules/header-reserved.ts";
import { headerShadowsCredential } from "./rules/header-shadows-credential.ts";
import { limitAuthStarves } from "./rules/limit-auth-starves.ts";
import { limitCost } from "./rules/limit-cost.ts";
import { limitCrossedHeaders } from "./rules/limit-crossed-headers.ts";
import { limitDeadline } from "./rules/limit-deadline.ts";
import { limitDuplicate } from "./rules/limit-duplicate.ts";
import { limitFreshness } from "./rules/limit-freshness.ts";
import { limitIntervalUnit } from "./rules/limit-interval-unit.ts";
import { limitUnused } from "./rules/limit-unused.ts";
import { mcpCrossedTool } from "./rules/mcp-crossed-tool.ts";
import { mcpDuplicateParameter } from "./rules/mcp-duplicate-parameter.ts";
import { mcpDuplicateTool } from "./rules/mcp-duplicate-tool.ts";
import { mcpNoMapping } from "./rules/mcp-no-mapping.ts";
import { mcpToolName } from "./rules/mcp-tool-name.ts";
import { mcpUnknownOperation } from "./rules/mcp-unknown-operation.ts";
import { mcpUnknownParameter } from "./rules/mcp-unknown-parameter.ts";
import { namesForbidden } from "./rules/names-forbidden.ts";
import { oauthClient } from "./rules/oauth-client.ts";
import { oauthMissingUrl } from "./rules/oauth-missing-url.ts";
import { oauthUnknownScope } from "./rules/oauth-unknown-scope.ts";
import { oauthUnusedKey } from "./rules/oauth-unused-key.ts";
import { operationBodyOnGet } from "./rules/operation-body-on-get.ts";
import { operationBodyOnHead } from "./rules/operation-body-on-head.ts";
import { operationDuplicateId } from "./rules/operation-duplicate-id.ts";
import { operationErrorCode } from "./rules/operation-error-code.ts";
import { operationErrorUnreachable } from "./rules/operation-error-unreachable.ts";
import { operationExampleParameter } from "./rules/operation-example-parameter.ts";
import { operationMethodVerb } from "./rules/operation-method-verb.ts";
import { operationRetryNever } from "./rules/operation-retry-never.ts";
import { operationRetryWait } from "./rules/operation-retry-wait.ts";
import { operationSlaTimeout } from "./rules/operation-sla-timeout.ts";
import { paginationCursorLocation } from "./rules/pagination-cursor-location.ts";
import { paginationCursorSource } from "./rules/pagination-cursor-source.ts";
import { paginationFirstPage } from "./rules/pagination-first-page.ts";
import { paginationFixedInBody } from "./rules/pagination-fixed-in-body.ts";
import { paginationMaxPages } from "./rules/pagination-max-pages.ts";
import { paginationPageSize } from "./rules/pagination-page-size.ts";
import { paginationPageSizeUnsent } from "./rules/pagination-page-size-unsent.ts";
import { paginationParameter } from "./rules/pagination-parameter.ts";
import { paginationParameterType } from "./rules/pagination-parameter-type.ts";
import { paginationPathType } from "./rules/pagination-path-type.ts";
import { paginationRecordsPath } from "./rules/pagination-records-path.ts";
import { paginationRecordsType } from "./rules/pagination-records-type.ts";
import { paginationRequiredParameter } from "./rules/pagination-required-parameter.ts";
import { paginationSameParameter } from "./rules/pagination-same-parameter.ts";
import { paginationStopNever } from "./rules/pagination-stop-never.ts";
import { paginationSwappedParameters } from "./rules/pagination-swapped-parameters.ts";
import { paginationUnknownPath } from "./rules/pagination-unknown-path.ts";
import { paginationUnsentParameter } from "./rules/pagination-unsent-parameter.ts";
import { parameterDefaultMismatch } from "./rules/parameter-default-mismatch.ts";
import { parameterDuplicateName } from "./rules/parameter-duplicate-name.ts";
import { parameterDuplicateWireName } from "./rules/parameter-duplicate-wire-name.ts";
import { parameterExampleMismatch } from "./rules/parameter-example-mismatch.ts";
import { parameterFileBody } from "./rules/parameter-file-body.ts";
import { parameterNotAPathParameter } from "./rules/parameter-not-a-path-parameter.ts";
import { parameterOddWireName } from "./rules/parameter-odd-wire-name.ts";
import { parameterPathNotInEndpoint } from "./rules/parameter-path-not-in-endpoint.ts";
import { parameterPathOptional } from "./rules/parameter-path-optional.ts";
import { parameterStyle } from "./rules/parameter-style.ts";
import { parameterTypeConflict } from "./rules/parameter-type-conflict.ts";
import { referenceUnknownChain } from "./rules/reference-unknown-chain.ts";
import { referenceUnknownCredential } from "./rules/reference-unknown-credential.ts";
import { referenceUnknownField } from "./rules/reference-unknown-field.ts";
import { referenceUnknownLimit } from "./rules/reference-unknown-limit.ts";
import { referenceUnknownProfile } from "./rules/reference-unknown-profile.ts";
import { referenceUnknownSchema } from "./rules/reference-unknown-schema.ts";
import { responseCrossedPaths } from "./rules/response-crossed-paths.ts";
import { responseNoStructure } from "./rules/response-no-structure.ts";
import { responseUnknownPath } from "./rules/response-unknown-path.ts";
import { schemaFormat } from "./rules/schema-format.ts";
import { schemaImpossible } from "./rules/schema-impossible.ts";
import { schemaPattern } from "./rules/schema-pattern.ts";
import { schemaRemoteReference } from "./rules/schema-remote-reference.ts";
import { schemaUnknownRequired } from "./rules/schema-unknown-required.ts";
import { secretForeignOrigin } from "./rules/secret-foreign-origin.ts";
import { secretInExample } from "./rules/secret-in-example.ts";
import { secretInHost } from "./rules/secret-in-host.ts";
import { secretInOutput } from "./rules/secret-in-output.ts";
import { secretInUrl } from "./rules/secret-in-url.ts";
import { secretLiteral } from "./rules/secret-literal.ts";
import { secretNotMarked } from "./rules/secret-not-marked.ts";
import { settingDuplicateKey } from "./rules/setting-duplicate-key.ts";
import { settingImplied } from "./rules/setting-implied.ts";
import { settingPattern } from "./rules/setting-pattern.ts";
import { settingUnused } from "./rules/setting-unused.ts";
import { slaFraction } from "./rules/sla-fraction.ts";
import { structureUnlikely } from "./rules/structure-unlikely.ts";
import { styleDocumentationUrl } from "./rules/style-documentation-url.ts";
import { styleFieldDescription } from "./rules/style-field-description.ts";
import { styleOperationDescription } from "./rules/style-operation-description.ts";
import { styleParameterDescription } from "./rules/style-parameter-description.ts";
import { styleRateLimit } from "./rules/style-rate-limit.ts";
import { styleResponseSchema } from "./rules/style-response-schema.ts";
import { styleSettingLabel } from "./rules/style-setting-label.ts";
import { styleTestEndpoint } from "./rules/style-test-endpoint.ts";
import { styleToolDescription } from "./rules/style-tool-description.ts";
import { styleVersion } from "./rules/style-version.ts";
import { templateRequestPart } from "./rules/template-request-part.ts";
import { upstreamAddress } from "./rules/upstream-address.ts";
import { upstreamArgument } from "./rules/upstream-argument.ts";
import { upstreamCredential } from "./rules/upstream-credential.ts";
import { upstreamRequestKey } from "./rules/upstream-request-key.ts";
import { upstreamTool } from "./rules/upstream-tool.ts";
import { urlBareNameInHost } from "./rules/url-bare-name-in-host.ts";
import { urlExtractInHost } from "./rules/url-extract-in-host.ts";
import { urlInsecure } from "./rules/url-insecure.ts";
import { urlJoinedLabel } from "./rules/url-joined-label.ts";
import { urlRepeatedPath } from "./rules/url-repeated-path.ts";
import { urlUnboundedHost } from "./rules/url-unbounded-host.ts";
import { urlWideAllowedHost } from "./rules/url-wide-allowed-host.ts";
import { yamlCutByComment } from "./rules/yaml-cut-by-comment.ts";
import { yamlLostComma } from "./rules/yaml-lost-comma.ts";

/**
 * Every rule, in the order in which they are asked: what is declared twice, what refers to nothing, chains and
 * credentials, URLs, parameters, headers, limits, schemas, secrets, style. Findings are sorted by place afterwards.
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
  mcpCrossedTool,
  mcpUnknownParameter,
  mcpNoMapping,
  mcpToolName,
  chainInitialCredential,
  chainFinalCredential,
  chainLifeExtract,
  chainExtractMany,
  chainCrossedExtracts,
  chainUnusedExtract,
  chainUnusedCredential,
  chainCircular,
  chainLifeConflict,
  chainLifeUnit,
  chainOutlivesInput,
  chainShadowedName,
  chainShortLife,
  chainTtlUnit,
  chainUnplacedCredential,
  chainUnused,
  chainUnusedStep,
  chainVolatileCacheKey,
  authenticationNoPlacement,
  authenticationUnusedField,
  authenticationMissingSettings,
  oauthMissingUrl,
  oauthClient,
  oauthUnusedKey,
  oauthUnknownScope,
  settingImplied,
  settingUnused,
  settingPattern,
  templateRequestPart,
  urlInsecure,
  urlUnboundedHost,
  urlBareNameInHost,
  urlExtractInHost,
  urlWideAllowedHost,
  urlJoinedLabel,
  urlRepeatedPath,
  parameterPathNotInEndpoint,
  parameterNotAPathParameter,
  parameterPathOptional,
  parameterDefaultMismatch,
  parameterExampleMismatch,
  parameterTypeConflict,
  parameterFileBody,
  parameterStyle,
  parameterOddWireName,
  operationBodyOnGet,
  operationBodyOnHead,
  operationErrorCode,
  operationErrorUnreachable,
  operationMethodVerb,
  operationExampleParameter,
  headerAuthorization,
  headerInvalidName,
  headerInvalidValue,
  headerMisspelt,
  headerReserved,
  headerDuplicate,
  headerShadowsCredential,
  paginationCursorSource,
  paginationParameter,
  paginationRecordsPath,
  paginationCursorLocation,
  paginationFirstPage,
  paginationFixedInBody,
  paginationMaxPages,
  paginationPageSize,
  paginationPageSizeUnsent,
  paginationParameterType,
  paginationPathType,
  paginationRecordsType,
  paginationRequiredParameter,
  paginationSameParameter,
  paginationStopNever,
  paginationSwappedParameters,
  paginationUnknownPath,
  paginationUnsentParameter,
  responseCrossedPaths,
  responseNoStructure,
  responseUnknownPath,
  structureUnlikely,
  yamlCutByComment,
  yamlLostComma,
  limitCost,
  limitCrossedHeaders,
  limitAuthStarves,
  limitDeadline,
  limitFreshness,
  limitIntervalUnit,
  limitUnused,
  operationRetryWait,
  operationRetryNever,
  operationSlaTimeout,
  slaFraction,
  schemaFormat,
  schemaImpossible,
  schemaPattern,
  schemaUnknownRequired,
  secretInUrl,
  secretInHost,
  secretInOutput,
  secretInExample,
  secretForeignOrigin,
  secretLiteral,
  secretNotMarked,
  styleDocumentationUrl,
  styleFieldDescription,
  styleOperationDescription,
  styleParameterDescription,
  styleRateLimit,
  styleResponseSchema,
  styleSettingLabel,
  styleTestEndpoint,
  styleToolDescription,
  styleVersion,
  upstreamTool,
  upstreamRequestKey,
  upstreamArgument,
  upstreamAddress,
  upstreamCredential,
];
