import { distance } from "../../../schema/language/spelling.ts";
import type { Finding } from "../../diagnostics.ts";
import { inStyle } from "../../validate/words.ts";
import { type NamedHeader, namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerAuthorization: Rule = {
  id: "header/authorization",
  severity: "warning",
  summary:
    "An `Authorization` header that is not a scheme, a blank and credentials (RFC 9110, section 11.6.2), or Basic credentials that are no encoded pair.",
  check: (model, report) => {
    for (const header of namedHeaders(model)) {
      if (!names.has(header.name.toLowerCase())) continue;
      const text = header.value?.string();
      const fault = text === undefined ? undefined : faultOf(text);
      if (fault) report(finding(header, fault));
    }
  },
};

const names = new Set(["authorization", "proxy-authorization"]);
const schemes = new Set(["basic", "bearer", "token", "digest", "apikey"]);

interface Fault {
  readonly message: string;
  readonly help: string;
  readonly meant?: string;
}

function faultOf(text: string): Fault | undefined {
  const scheme = text.slice(0, Math.max(text.indexOf(" "), 0)).toLowerCase();
  // Nearly all begin with a scheme and its blank, and have no use for the pattern.
  const joined = schemes.has(scheme)
    ? null
    : /^(Basic|Bearer|Token|Digest|ApiKey)([:=]\s*|(?=\{))(?=\S)/i.exec(text);
  if (joined) {
    const [before, name = "", sign = ""] = joined;
    return {
      message: sign
        ? `\`${name}\` is followed by \`${sign.trim()}\`, where a blank belongs.`
        : `No blank stands between \`${name}\` and the credentials.`,
      help: "The scheme and the credentials have one blank between them.",
      meant: `${name} ${text.slice(before.length)}`,
    };
  }
  const near = /^[A-Za-z]{4,9}$/.test(scheme) && !schemes.has(scheme) ? slipOf(scheme) : undefined;
  if (near !== undefined)
    return {
      message: `\`${text.slice(0, scheme.length)}\` is no scheme of authentication that is known.`,
      help: `Did you mean \`${near}\`?`,
      meant: near + text.slice(scheme.length),
    };
  // RFC 7617: the pair is encoded as a whole.
  const plain = text.includes("(") ? null : /^Basic +(\{[\w.-]+\}:\{[\w.-]+\})$/i.exec(text);
  if (plain)
    return {
      message: "Basic credentials are sent here as they stand, and servers expect them in base64 (RFC 7617).",
      help: "Encode the pair as a whole with `base64`.",
      meant: `Basic {base64(${plain[1]})}`,
    };
  return text.includes("base64(") ? faultOfPair(text) : undefined;
}

/** Two values in base64 that no colon joins, or whose scheme is not said. */
function faultOfPair(text: string): Fault | undefined {
  const [, scheme = "", first = "", between = "", second = ""] =
    /^(Basic +|)\{base64\((\{[\w.-]+\})([^{}()]*)(\{[\w.-]+\})\)\}$/i.exec(text) ?? [];
  if (second === "" || (scheme !== "" && between === ":")) return undefined;
  const meant = `Basic {base64(${first}:${second})}`;
  if (scheme === "" && between === ":")
    return {
      message: "The header has no scheme: servers expect `Basic` and a blank before the pair (RFC 7617).",
      help: `Write ${meant}.`,
      meant,
    };
  if (scheme === "" || /[^\s,;|/]/.test(between.replace(":", ""))) return undefined;
  return {
    message: between.includes(":")
      ? "The blank beside the colon becomes a part of the name or of the password (RFC 7617)."
      : "One colon stands between the two values of Basic credentials (RFC 7617).",
    help: `Write ${meant}.`,
    meant,
  };
}

/** The standard scheme that a word is one slip away from. */
function slipOf(scheme: string): string | undefined {
  return ["Basic", "Bearer", "Digest"].find((name) => distance(scheme, name.toLowerCase(), 1) === 1);
}

function finding({ path, value }: NamedHeader, { message, help, meant }: Fault): Omit<Finding, "rule"> {
  const scalar = value?.scalar;
  const text = meant !== undefined && scalar && scalar.style !== "block" ? inStyle(meant, scalar) : undefined;
  return { path, message, help, ...(text === undefined ? {} : { replace: text }) };
}
