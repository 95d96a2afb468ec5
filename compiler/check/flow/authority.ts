import { type ParsedPart, parseTemplate } from "../../../schema/language/template.ts";

/** The host of a URL template, in its parts; offsets count in the template's text. */
export interface Authority {
  /** Undefined where a value holds the whole beginning of the URL. */
  readonly scheme: "https" | "http" | undefined;
  readonly host: readonly HostPart[];
  readonly port: readonly HostPart[];
}

export interface HostPart {
  readonly kind: "text" | "hole";
  /** As written, braces and all. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the host of a URL template; undefined where the text is none. */
export function authorityOf(text: string): Authority | undefined {
  const parsed = parseTemplate(text);
  if (!("template" in parsed)) return undefined;
  const [first, ...rest] = parsed.template.parts;
  const scheme = first?.kind === "text" ? /^(https?):\/\//i.exec(first.text) : undefined;
  if (first === undefined || scheme === null) return undefined;
  const skipped = scheme?.[0].length ?? 0;
  const opening: ParsedPart =
    first.kind === "text"
      ? { ...first, text: first.text.slice(skipped), start: first.start + skipped }
      : first;
  const { host, port } = split([opening, ...rest], text);
  const name = scheme?.[1]?.toLowerCase();
  return { scheme: name === "https" || name === "http" ? name : undefined, host, port };
}

function split(parts: readonly ParsedPart[], source: string): Pick<Authority, "host" | "port"> {
  const host: HostPart[] = [];
  const port: HostPart[] = [];
  let inPort = false;
  for (const { kind, start, end, ...part } of parts) {
    if (kind !== "text") {
      (inPort ? port : host).push({ kind: "hole", text: source.slice(start, end), start, end });
      continue;
    }
    const whole = "text" in part ? part.text : "";
    const text = /^[^/?#]*/.exec(whole)?.[0] ?? "";
    const colon: number = inPort ? -1 : text.search(/:\d*$/);
    const before = inPort ? "" : colon < 0 ? text : text.slice(0, colon);
    const after = inPort ? text : colon < 0 ? "" : text.slice(colon + 1);
    inPort ||= colon >= 0;
    if (before !== "") host.push({ kind: "text", text: before, start, end: start + before.length });
    if (after !== "") port.push({ kind: "text", text: after, start, end });
    if (text.length < whole.length) break;
  }
  return { host, port };
}
