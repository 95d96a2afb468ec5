/** Keys that other formats have and the language says otherwise: what to write instead, by the section's title. */
const habits: Readonly<Record<string, Readonly<Record<string, string | ((key: string) => string)>>>> = {
  "authentication profile": {
    ...each("token access_token api_key apikey username password secret client_id client_secret", (key) => {
      const field = `- { key: ${key}, label: "…"${/user|_id/.test(key) ? "" : ", secret: true"} }`;
      return `A connection gives the value: remove it here. What a user must give is declared under \`fields\`, as \`${field}\`, unless the type has it by itself.`;
    }),
    ...each("header header_name headers", () => placed("auth_headers", "X-Api-Key")),
    ...each("query query_param query_params", () => placed("auth_query", "api_key")),
    scheme: "Say it by `type`, such as `type: bearer` or `type: basic`.",
    ...each("in location placement", () => placed("auth_headers", "X-Api-Key")),
  },
  "rate limit": {
    requests_per_second: perInterval(1),
    requests_per_minute: perInterval(60),
    requests_per_hour: perInterval(3600),
    requests_per_day: perInterval(86_400),
    per: "Write the length of the interval as `interval_seconds`, a number of seconds.",
    ...each("interval period window", () => "Write `interval_seconds`, a number of seconds."),
  },
  parameter: each(
    "enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format items minItems maxItems uniqueItems properties",
    (key) => `Write it in the parameter's \`schema\`, as \`schema: { ${key}: … }\`.`,
  ),
  operation: {
    retries: "Write `retry: { max_attempts: 3 }`, the first attempt included.",
    path_params: "Declare each under `parameters` with `location: path`.",
    query_params:
      "Write fixed entries under `query`; what the caller gives is a parameter with `location: query`.",
    records_path: "Write it under `response`, as `response: { records_path: $.items }`.",
  },
};

type Say = (key: string) => string;

function each(keys: string, say: Say): Readonly<Record<string, Say>> {
  return Object.fromEntries(keys.split(" ").map((key) => [key, say]));
}

function placed(key: string, name: string): string {
  return `Say where the credential goes by \`${key}\`, such as \`${key}: { ${name}: "{api_key}" }\`.`;
}

function perInterval(seconds: number): string {
  return `Write the number as \`limit\`, and \`interval_seconds: ${seconds}\` beside it.`;
}

/** What to write for a key of another format in a section; undefined where it is no known habit. */
export function habitAdvice(title: string, key: string): string | undefined {
  const section = Object.hasOwn(habits, title) ? habits[title] : undefined;
  const advice = section && Object.hasOwn(section, key) ? section[key] : undefined;
  return typeof advice === "function" ? advice(key) : advice;
}
