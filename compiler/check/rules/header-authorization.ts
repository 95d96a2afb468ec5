import type { Finding } from "../../diagnostics.ts";
import { inStyle } from "../../validate/words.ts";
import { type NamedHeader, namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerAuthorization: Rule = {
  id: "header/authorization",
  severity: "warning",
  summary:
    "An `Authorization` header that is not a scheme, a blank and credentials (RFC 9110, section 11.6.2), or Basic credentials that are not encoded.",
  check: (model, report) => {
    for (const header of namedHeaders(model)) {
      if (!/^(?:proxy-)?authorization$/i.test(header.name)) continue;
      const text = header.value?.string();
      const fault = text === undefined ? undefined : faultOf(text);
      if (fault) report(finding(header, fault));
    }
  },
};

interface Fault {
  readonly message: string;
  readonly help: string;
  readonly meant?: string;
}

function faultOf(text: string): Fault | undefined {
  const joined = /^(Basic|Bearer|Token|Digest|ApiKey)([:=]\s*|(?=\{))(?=\S)/i.exec(text);
  if (joined) {
    const [before, scheme = "", sign = ""] = joined;
    return {
      message: sign
        ? `\`${scheme}\` is followed by \`${sign.trim()}\`, where a blank belongs.`
        : `No blank stands between \`${scheme}\` and the credentials.`,
      help: "The scheme and the credentials have one blank between them.",
      meant: `${scheme} ${text.slice(before.length)}`,
    };
  }
  // RFC 7617: the pair is encoded as a whole.
  const plain = /^Basic +(\{[\w.-]+\}:\{[\w.-]+\})$/i.exec(text);
  return plain
    ? {
        message:
          "Basic credentials are sent here as they stand, and servers expect them in base64 (RFC 7617).",
        help: "Encode the pair as a whole with `base64`.",
        meant: `Basic {base64(${plain[1]})}`,
      }
    : undefined;
}

function finding({ path, value }: NamedHeader, { message, help, meant }: Fault): Omit<Finding, "rule"> {
  const scalar = value?.scalar;
  const text = meant !== undefined && scalar && scalar.style !== "block" ? inStyle(meant, scalar) : undefined;
  return { path, message, help, ...(text === undefined ? {} : { replace: text }) };
}
