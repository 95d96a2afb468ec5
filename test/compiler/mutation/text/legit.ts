/**
 * Slips that mean something else and that nobody could tell from what was meant: each says why. What is not among them, and
 * changes the meaning, has to be told of.
 */
import type { TextMutant } from "./operators.ts";

export interface LegitText {
  readonly why: string;
  readonly holds: (mutant: TextMutant) => boolean;
}

/** Both are whole words of a mutant's operator and of its place. */
function at(places: RegExp, operators: RegExp): LegitText["holds"] {
  return ({ place, operator }) => places.test(place) && operators.test(operator.replace(/^json-/, ""));
}

/** Another text of the same form: a letter, the case, another word. What leaves a mark behind is none. */
const otherText =
  /^(?:value-(?:\w+-letters?|upper|lower|capital|other|true|number|null|gone|empty-text|folded|in-list|in-map|as-item|blank-inside|nbsp|homoglyph|of-(?:another|neighbour))|flow-part-(?:misspelt|other|twice)|smart-quotes)$/;
const otherKey =
  /^(?:key-(?:dropped-letter|swapped-letters|capital|upper|camel|kebab|joined|plural|other)|duplicate-\w+)$/;

export const legitText: readonly LegitText[] = [
  {
    why: "less is said: an optional line, block or part is gone",
    holds: at(/./, /^(?:delete-(?:line|block)|comment-out|flow-emptied|flow-part-gone)$/),
  },
  {
    why: "words for people, and examples",
    holds: at(
      /(?:^|\/)(?:description|summary|label|note|publisher|message|deprecated_message|server_description|mcp_tool_description|documentation_url|tags|example|examples|mock)(?:\/|-*$)|^metadata\/name$/,
      /./,
    ),
  },
  {
    why: "schemas of the author's: another name, a wider type, an annotation",
    holds: at(/(?:^|\/)(?:schema|schemas|response_schema)(?:\/|-*$)/, /./),
  },
  {
    why: "names that the descriptor gives itself, and that nothing else says",
    holds: at(
      /\/(?:operation_id|slug|chain_id|profile_id|step_name|server_name|mcp_tool_name|capability)-*$|\/parameter_mappings(?:\/|$)/,
      otherText,
    ),
  },
  {
    why: "names, paths and addresses of the API, which no answer's schema describes",
    holds: at(
      /(?:^|\/)(?:base_url|url|token_url|authorize_url|refresh_url|endpoint|wire_name|body_path|\w+_param|\w+_path|cursor_header|extract|header|response_headers|allowed_hosts|code|scopes|default_scopes|audience|realm|service|region|on_status)(?:\/|-*$)/,
      new RegExp(
        `${otherText.source}|^(?:jsonpath-(?:two-dots|misspelt|lower|upper|snake|star|first|deeper|shorter)|url-(?:query|slash)|path-(?:two-slashes|query|full)|hole-(?:bare|square|gone))$`,
      ),
    ),
  },
  {
    why: "texts, keys and values that are sent or compared as they stand",
    holds: at(
      /(?:^|\/)(?:headers|query|body|defaults|default_value|enum|pattern|auth_headers|auth_query|token_params|authorize_params|claims|params)(?:\/|-*$)/,
      new RegExp(`${otherText.source}|${otherKey.source}|^(?:double|drop-\\w+)-paren$`),
    ),
  },
  { why: "another number, within its bounds", holds: at(/./, /^number-/) },
  { why: "another of the words that fit there", holds: at(/./, /^value-of-another$/) },
  { why: "yes for no", holds: at(/./, /^boolean-turned$/) },
  {
    why: "an item of a list stands at another place, or twice, and says the same",
    holds: at(/-$/, /^(?:swap|duplicate)-(?:lines?|blocks?)$/),
  },
];
