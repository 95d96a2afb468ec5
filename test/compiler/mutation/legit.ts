/**
 * Mutations that mean something else and that nobody could tell from what was meant: an author may write each of them on
 * purpose. What is not among them, and changes the meaning, has to be found.
 */
import type { Mutation } from "./mutate.ts";

export interface Legit {
  readonly why: string;
  /** `place` has `*` for indexes. */
  readonly holds: (mutation: Mutation, place: string) => boolean;
}

const inSchema = /\/(?:schema|response_schema|schemas\/[^/]+)(?:\/|$)/;
const slips: ReadonlySet<string> = new Set(["slip", "path-name", "other-value", "rename-key"]);

function at(places: RegExp, ...kinds: readonly string[]): Legit["holds"] {
  return ({ kind }, place) => places.test(place) && (kinds.length === 0 || kinds.includes(kind));
}

export const legit: readonly Legit[] = [
  {
    why: "words for people, and examples",
    holds: at(
      /\/(?:description|summary|label|note|publisher|metadata\/name|message|deprecated_message|server_description|mcp_tool_description|docs_url|documentation_url|tags|tables|example|examples|mock)(?:\/|$)/,
    ),
  },
  {
    why: "less is said: an optional key, an item or all that a list or map holds is gone",
    holds: at(/./, "delete", "emptied"),
  },
  { why: "an item stands twice and says the same", holds: at(/./, "duplicate-item") },
  { why: "another number, within its bounds", holds: at(/./, "other-number", "negative") },
  { why: "another of the values or names that fit there", holds: at(/./, "other-value") },
  { why: "yes for no", holds: at(/./, "turned") },
  {
    why: "names that the descriptor gives itself, and that nothing else says",
    holds: at(
      /\/(?:operation_id|name|slug|version|chain_id|profile_id|step_name|key|server_name|mcp_tool_name|parameter_mappings\/[^/]+|capability|adapter|default_schema)$/,
      "slip",
      "to-number",
    ),
  },
  {
    why: "names and paths of the API, which no answer's schema describes",
    holds: ({ kind }, place) =>
      slips.has(kind) &&
      /\/(?:base_url|url|token_url|authorize_url|refresh_url|endpoint|wire_name|body_path|\w+_param|\w+_path|cursor_header|cursor_from_record|more_cursors(?:\/.*)?|primary_key|path|extract(?:\/.*)?|header|header\/name|response_headers(?:\/.*)?|test_endpoint|allowed_hosts\/\*|code|content_type|success_status|scopes\/\*|default_scopes\/\*|scope_separator|audience|realm|service|region|claims\/.*|\w+_params\/.*|key_id)$/.test(
        place,
      ),
  },
  {
    why: "texts and values that are sent or compared as they stand",
    holds: at(
      /\/(?:headers|query|query_params|body|defaults|default_value|enum|const|pattern|equals|in|contains|matches|cache_key|response|params|token_params|authorize_params|claims)(?:\/|$)/,
    ),
  },
  {
    why: "the digits of a hash, which only the server's list of tools tells",
    holds: at(/\/tool\/hash$/, "slip"),
  },
  {
    why: "a header's name as the API has it",
    holds: at(/\/auth_(?:headers|query|cookies)\/[^/]+$/, "rename-key"),
  },
  {
    why: "what an API calls what OAuth sends, beside what is sent",
    holds: at(
      /\/oauth\/(?:param_names\/\w+|callback\/extract\/\w+|client_id|client_auth)$/,
      "slip",
      "move-up",
      "move-down",
    ),
  },
  {
    why: "a constant beside the credential",
    holds: at(/\/auth_headers\/X-Time$/, "to-null", "to-boolean", "to-number"),
  },
  {
    why: "the shorter spelling of a scope or a header, with another text",
    holds: at(/\/(?:scopes\/\*|response_headers\/reset)$/, "to-text"),
  },
  {
    why: "schemas of the author's: another name, a wider type, an annotation",
    holds: ({ kind }, place) => inSchema.test(place) && kind !== "duplicate-key" && kind !== "hole-slip",
  },
];
