/** What other formats call a listed value, and what the language has for it. */
const synonyms: Readonly<Record<string, string>> = {
  text: "string",
  uuid: "string",
  enum: "string",
  float: "number",
  double: "number",
  decimal: "number",
  long: "integer",
  list: "array",
  map: "object",
  dict: "object",
  timestamp: "datetime",
  "date-time": "datetime",
  binary: "file",
  url: "path",
  form: "body",
  json_body: "body",
  token: "bearer",
  client_credentials: "oauth2_client_credentials",
  authorization_code: "oauth2_authorization_code",
  next_token: "cursor",
  limit_offset: "offset",
  page_number: "page",
  link: "link_header",
  connection: "per_connection",
  account: "per_account",
  user: "per_user",
  full: "full_refresh",
};

/** The listed value that a text of another format stands for. */
export function choiceSynonym(text: string, choices: readonly unknown[]): string | undefined {
  const word = text.toLowerCase();
  const meant = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined;
  return meant !== undefined && choices.includes(meant) ? meant : undefined;
}
