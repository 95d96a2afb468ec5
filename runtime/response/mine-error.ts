/** Finds the server's own message and code in a failed answer: where the descriptor says, then in common shapes. */
import type { ResponseRule } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import type { Answer } from "./answer.ts";
import { select } from "./jsonpath.ts";

/** What a server says about its failure. It is the server's text: bounded, on one line, without control characters. */
export interface MinedError {
  readonly message?: string;
  readonly code?: string;
}

const maxMessage = 500;
const maxCode = 100;

/** Reads the message and the code of a failed answer, as far as there are any. Never throws on a body. */
export function mineError(answer: Answer, rule: ResponseRule): MinedError {
  const body = answer.json();
  const common = body === undefined ? plainText(answer) : commonShapes(unwrapped(answer, body), 0);
  const challenge = challenged(answer);
  const message = firstText(rule.error_message, body) ?? common.message ?? challenge.message;
  const code = firstText(rule.error_code, body) ?? common.code ?? challenge.code;
  return {
    ...(message === undefined ? {} : { message: clean(message, maxMessage) }),
    ...(code === undefined ? {} : { code: clean(withoutSpace(code), maxCode) }),
  };
}

/** What an XML document holds stands below its root element. */
function unwrapped({ headers }: Answer, body: unknown): unknown {
  const isXml = /\bxml\b/i.test(headers.get("content-type") ?? "");
  if (!isXml || typeof body !== "object" || body === null) return body;
  const [root, other] = Object.values(body);
  return withoutPrefixes(other === undefined && typeof root === "object" ? root : body, 0);
}

/** Names of elements without their namespace prefix, as deep as anything is looked for. */
function withoutPrefixes(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth > 4) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.slice(name.indexOf(":") + 1),
      withoutPrefixes(inner, depth + 1),
    ]),
  );
}

/** `com.amazon.coral.service#ThrottlingException`: what stands before the `#` is the name space of a shape. */
function withoutSpace(code: string): string {
  return /^[\w.]+#(\w+)$/.exec(code)?.[1] ?? code;
}

function firstText(path: JsonPath | undefined, body: unknown): string | undefined {
  if (!path || body === undefined) return undefined;
  for (const value of selectOrNone(path, body)) {
    const text = scalarText(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** An error body that a path does not fit must not hide the error itself. */
function selectOrNone(path: JsonPath, body: unknown): readonly unknown[] {
  try {
    return select(path, body);
  } catch {
    return [];
  }
}

/** A short text/plain answer is a message; HTML is not. */
function plainText(answer: Answer): MinedError {
  if (!/^\s*text\/plain\b/i.test(answer.headers.get("content-type") ?? "")) return {};
  const text = answer.text().trim();
  return text === "" || text.startsWith("<") ? {} : { message: text };
}

/** Where APIs put these, by how sure the place is. */
const messageKeys = [
  "error_description", // RFC 6749, section 5.2
  "detail", // RFC 9457, section 3.1.4
  "message",
  "Message",
  "error_message",
  "errorMessage",
  "errorSummary",
  "faultstring", // SOAP 1.1, section 4.4
  "msg",
  "title", // RFC 9457, section 3.1.3
  "description",
  "reason",
] as const;
const codeKeys = [
  "code",
  "Code",
  "error_code",
  "errorCode",
  "errorcode",
  "faultcode",
  "__type", // AWS's JSON protocols
  "error",
  "type",
] as const;
const innerKeys = [
  "error",
  "Error",
  "errors",
  "Errors",
  "errorMessages",
  "fault",
  "Fault",
  "faults",
  "Body", // of a SOAP envelope
  "detail",
  "extensions", // GraphQL, section 7.1.2
] as const;

function commonShapes(body: unknown, depth: number): MinedError {
  if (depth > 3) return {};
  if (Array.isArray(body)) return body.length === 0 ? {} : commonShapes(body[0], depth + 1);
  if (typeof body === "string") return depth === 0 || body.trim() === "" ? {} : { message: body };
  if (typeof body !== "object" || body === null) return {};
  const found: MinedError[] = [
    { ...named("message", messageKeys, body), ...named("code", codeKeys, body), ...statusName(body) },
    ...innerKeys.map((key) => commonShapes(ownValue(body, key), depth + 1)),
    fieldErrors(ownValue(body, "errors")),
  ];
  return { ...first("message", found), ...first("code", found) };
}

/** Google's errors have the HTTP status as their code and its meaning as `status` (`PERMISSION_DENIED`). */
function statusName(body: object): MinedError {
  const [code, status] = [ownValue(body, "code"), ownValue(body, "status")];
  return typeof code === "number" && typeof status === "string" && /^[A-Z_]+$/.test(status)
    ? { code: status }
    : {};
}

/** What a refusal says beside its body: `Bearer error="invalid_token"` (RFC 6750, section 3), or AWS's header. */
function challenged({ headers }: Answer): MinedError {
  const challenge = headers.get("www-authenticate") ?? "";
  const quoted = (name: string): string | undefined =>
    new RegExp(`(?:^|[\\s,])${name}="([^"\\\\]{1,500})"`, "i").exec(challenge)?.[1];
  const message = quoted("error_description");
  const code = quoted("error") ?? headers.get("x-amzn-errortype")?.split(":", 1)[0];
  return { ...(message === undefined ? {} : { message }), ...(code === undefined ? {} : { code }) };
}

/** `{"errors": {"project": "is required"}}`: the first field and what is said of it. */
function fieldErrors(errors: unknown): MinedError {
  if (typeof errors !== "object" || errors === null || Array.isArray(errors)) return {};
  for (const [field, said] of Object.entries(errors)) {
    const text = scalarText(Array.isArray(said) ? said[0] : said);
    if (text !== undefined) return { message: `${field}: ${text}` };
  }
  return {};
}

function first(part: "message" | "code", found: readonly MinedError[]): MinedError {
  const text = found.find((error) => error[part] !== undefined)?.[part];
  return text === undefined ? {} : { [part]: text };
}

function named(part: "message" | "code", keys: readonly string[], body: object): MinedError {
  for (const key of keys) {
    const text = scalarText(ownValue(body, key));
    if (text !== undefined) return { [part]: text };
  }
  return {};
}

function ownValue(body: object, key: string): unknown {
  return Object.hasOwn(body, key) ? (body as Record<string, unknown>)[key] : undefined;
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** One line of bounded length, cut between words (half a secret is not known for one); control, bidi and lone surrogate characters show as escapes. */
export function clean(text: string, max: number): string {
  const cut = text.length > max ? `${text.slice(0, max).replace(/\s+\S*$/, "")}…` : text;
  return cut
    .replace(/[\t\n\r ]+/g, " ")
    .trim()
    .replace(
      /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
      (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
    );
}
