import type { Extract, JsonExtract, Step } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import type { Values } from "../request/scope.ts";
import type { Answer } from "../response/answer.ts";
import { select } from "../response/jsonpath.ts";
import { mineError } from "../response/mine-error.ts";

/** What a step's answer gives to later steps; `data` is the decoded body where it is no JSON. Each extract must hit exactly one scalar, or nothing where it is optional. */
export function extractValues(step: Step, answer: Answer, data?: unknown): Values {
  const values = new Map<string, unknown>();
  for (const extract of step.extract) {
    const found = candidates(extract, answer, data)
      .map((value) => oneText(extract, value))
      .filter((value) => value !== undefined && !(isOptional(extract) && (value === null || value === "")));
    const [value] = found;
    if (found.length === 1 && isScalar(value)) values.set(extract.name, value);
    else if (found.length > 0 || !isOptional(extract)) throw extractFailed(step, extract, found, answer);
  }
  return values;
}

function isOptional(extract: Extract): boolean {
  return extract.kind === "json" && extract.optional === true;
}

/** A list of texts counts as one where the extract says so; what is no text then counts as nothing. */
function oneText(extract: Extract, value: unknown): unknown {
  if (extract.kind !== "json" || !extract.joined) return value;
  const texts = Array.isArray(value) ? value : [value];
  return texts.every((item) => typeof item === "string") ? texts.join(" ") : undefined;
}

function candidates(extract: Extract, answer: Answer, data: unknown): unknown[] {
  switch (extract.kind) {
    case "json":
      return firstHits(extract, data === undefined ? answer.json() : data);
    case "header":
      return [answer.headers.get(extract.header.toLowerCase())];
    case "cookie":
      return cookieValues(answer.headers.setCookie, extract.cookie);
    case "text": {
      const text = answer.text().trim();
      return text === "" ? [] : [text];
    }
  }
}

/** Of several paths the first that hits something counts. */
function firstHits({ path, or = [] }: Pick<JsonExtract, "path" | "or">, data: unknown): unknown[] {
  const found = select(path, data).filter((value) => value !== undefined && value !== null);
  const [next, ...rest] = or;
  return found.length > 0 || !next ? select(path, data) : firstHits({ path: next, or: rest }, data);
}

/** RFC 6265, section 5.2: the pair before the first semicolon. A later line for the same cookie replaces the earlier. */
function cookieValues(lines: readonly string[], name: string): string[] {
  const values = lines.flatMap((line) => {
    const pair = line.split(";", 1)[0] ?? "";
    const equals = pair.indexOf("=");
    return equals > 0 && pair.slice(0, equals).trim() === name ? [pair.slice(equals + 1).trim()] : [];
  });
  return values.slice(-1);
}

function isScalar(value: unknown): boolean {
  return (
    (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "boolean"
  );
}

function extractFailed(
  step: Step,
  extract: Extract,
  found: readonly unknown[],
  answer: Answer,
): ConnectorError {
  const place = placeOf(extract);
  const problem =
    found.length === 0
      ? "found nothing"
      : found.length > 1
        ? `found ${found.length} values`
        : "found no plain text, number or boolean";
  const said = refusalIn(step, answer);
  return new ConnectorError({
    code: "chain_step_failed",
    phase: "credentials",
    message: `${place} ${problem} in the answer (status ${answer.status}${said === undefined ? "" : `, which says: ${said}`}); exactly one value is needed for "${extract.name}". Check the step's \`extract\` against what the server answers.`,
    status: answer.status,
    details: {
      ...(said === undefined ? {} : { server_message: said }),
      step: step.name,
      extract: extract.name,
      ...(extract.kind === "json" ? { path: extract.path.text } : {}),
    },
  });
}

/** Some servers refuse with a status of success. Else the answer may hold secrets that nobody knows yet: only what is called a message or an error is shown. */
function refusalIn(step: Step, answer: Answer): string | undefined {
  const body = answer.json();
  if (typeof body !== "object" || body === null) return undefined;
  const { message, code } = mineError(answer, step.exchange.response);
  return message ?? (Reflect.get(body, "error") === code ? code : undefined);
}

function placeOf(extract: Extract): string {
  switch (extract.kind) {
    case "json":
      return extract.path.text;
    case "header":
      return `header "${extract.header}"`;
    case "cookie":
      return `cookie "${extract.cookie}"`;
    case "text":
      return "the text";
  }
}
