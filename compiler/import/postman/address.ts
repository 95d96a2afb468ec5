/** The address of a request: its server, its path with parameters, and its query. */
import type { ApiParameter } from "../api/model.ts";
import { Names, templateName } from "../names.ts";
import { isHarmlessHost } from "../observed/hosts.ts";
import { isVersion, parameterName, segmentSchema } from "../observed/paths.ts";
import { isHarmless, isPlainAddress } from "../observed/secrecy.ts";
import { isIdentifier } from "../observed/values.ts";
import { redacted } from "../observed/vault.ts";
import { at, isMap, listAt, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { type Entry, entriesAt } from "./collection.ts";
import type { Variables } from "./variables.ts";

export interface Address {
  /** What stands before the path, with its variables. */
  readonly origin: string;
  /** With `{{variables}}` and `:parameters` still in it. */
  readonly path: string;
  readonly query: readonly Entry[];
  /** What the collection says of `:parameters`. */
  readonly told: readonly Entry[];
}

/** Undefined where the request has no address. */
export function addressOf(request: unknown): Address | undefined {
  const url = at(request, "url");
  const raw = typeof url === "string" ? url.trim() : (textAt(url, "raw") ?? rawOf(url));
  if (raw === undefined || raw === "") return undefined;
  const [address = "", query] = raw.replace(/#.*$/s, "").split(/\?(.*)/s);
  const [, origin = "", path = ""] = /^((?:(?:https?|\{\{[^{}]+\}\}):\/\/)?[^/]*)(.*)$/is.exec(address) ?? [];
  const listed = isMap(url) ? entriesAt(url, "query") : [];
  return {
    origin: origin.replace(/\/\/[^/@]*@/, "//"),
    path,
    query: listed.length > 0 ? listed : parsed(query),
    told: entriesAt(url, "variable"),
  };
}

function rawOf(url: unknown): string | undefined {
  const host = at(url, "host");
  const path = at(url, "path");
  const hostText = Array.isArray(host) ? host.join(".") : typeof host === "string" ? host : undefined;
  if (hostText === undefined) return undefined;
  const protocol = textAt(url, "protocol");
  const port = textAt(url, "port");
  const parts = Array.isArray(path)
    ? listAt(url, "path").map((part) => (typeof part === "string" ? part : (textAt(part, "value") ?? "")))
    : [String(path ?? "")];
  return `${protocol === undefined ? "" : `${protocol}://`}${hostText}${port === undefined ? "" : `:${port}`}/${parts.join("/").replace(/^\//, "")}`;
}

function parsed(query: string | undefined): readonly Entry[] {
  return (query ?? "")
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      return {
        name: decoded(name),
        value: decoded(value),
        description: undefined,
        isDisabled: false,
        type: undefined,
      };
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The server as OpenAPI writes one: its variables have the collection's values where these are plain. */
export function serverOf(origin: string, variables: Variables): object {
  const [, whole, rest = ""] = /^\{\{\s*([^{}]+?)\s*\}\}(.*)$/s.exec(origin) ?? [];
  const value = whole === undefined ? undefined : variables.valueOf(whole);
  // A variable that is only a host, which the collection's own client takes for one of http.
  const isHost = value !== undefined && !value.includes("://") && rest === "";
  const text = isHost || !/^(?:https?:\/\/|\{\{)/i.test(origin) ? `https://${origin}` : origin;
  const declared: Record<string, object> = {};
  const url = plainLabels(text).replace(/\{\{?\s*([^{}]+?)\s*\}?\}/g, (hole, name: string) => {
    const key = templateName(name);
    const isVariable = hole.startsWith("{{");
    const known = isVariable ? variables.valueOf(name)?.replace(/\/+$/, "") : undefined;
    const description = isVariable ? variables.descriptionOf(name) : undefined;
    const isOpen =
      known !== undefined && (isPlainAddress(known) || isPlainHost(known) || isHarmless(name, known));
    declared[key] = {
      ...(description === undefined ? {} : { description }),
      ...(isOpen ? { default: toHttps(known) } : {}),
    };
    return `{${key}}`;
  });
  return { url, variables: declared };
}

function isPlainHost(text: string): boolean {
  return /^[a-z0-9.-]+(?::\d{1,5})?$/i.test(text) && isHarmlessHost(text.replace(/:\d+$/, ""));
}

function toHttps(text: string): string {
  return /^http:\/\/(?!localhost|127\.|\[::1\])/i.test(text) ? text.replace(/^http:/i, "https:") : text;
}

/** A label of a host that is no word is somebody's own: `{subdomain}`. */
function plainLabels(text: string): string {
  const [, scheme = "", host = "", port = ""] = /^(https?:\/\/)([^/:{}]+)(:\d+)?$/i.exec(text) ?? [];
  if (host === "" || /^[\d.]+$/.test(host)) return text;
  let count = 0;
  const labels = host.split(".").map((label, index, all) => {
    const isOpen = !label.includes(redacted) && (index >= all.length - 2 || isHarmlessHost(label));
    if (isOpen) return label;
    count += 1;
    return count === 1 ? "{subdomain}" : `{subdomain_${count}}`;
  });
  return scheme + labels.join(".") + port;
}

export interface CarriedPath {
  /** With `{holes}`. */
  readonly path: string;
  readonly parameters: readonly ApiParameter[];
  /** Variables that are credentials. */
  readonly secrets: readonly string[];
}

const bare = { deprecated: false, style: undefined, explode: undefined, content: undefined };

export function pathOf({ path, told }: Address, place: string, variables: Variables): CarriedPath {
  const names = new Names();
  const parameters = new Map<string, ApiParameter>();
  const secrets: string[] = [];
  const add = (name: string, value: string, description: string | undefined): string => {
    const known = value !== "" && !value.includes("{{") && isHarmless(name, value) ? value : undefined;
    const schema = { value: value === "" ? { type: "string" } : segmentSchema([value]), file: "", at: place };
    if (!parameters.has(name))
      parameters.set(name, {
        ...bare,
        name,
        in: "path",
        required: true,
        description,
        schema,
        example: known,
        at: place,
      });
    return `{${name}}`;
  };
  const hole = (variable: string): string => {
    if (variables.isSecret(variable)) {
      secrets.push(variable);
      return `{${templateName(variable)}}`;
    }
    if (variables.isSetting(variable)) return `{${variables.setting(variable)}}`;
    return add(
      templateName(variable.replace(/^\$/, "")),
      variables.valueOf(variable) ?? "",
      variables.descriptionOf(variable),
    );
  };
  const segments = path.split("/").map((segment, index, all) => {
    const [, own] = /^:([\w.-]+)$/.exec(segment) ?? [];
    if (own !== undefined) {
      const entry = told.find(({ name }) => name === own);
      return add(own, entry?.value ?? "", shortText(entry?.description, 500));
    }
    if (segment.includes("{{"))
      return segment
        .split(/(\{\{[^{}]*\}\})/)
        .map((part) => (part.startsWith("{{") ? hole(part.slice(2, -2).trim()) : literalSegment(part)))
        .join("");
    const text = decoded(segment);
    if (segment === "" || isVersion(text) || !(isIdentifier(text) || text.includes(redacted)))
      return literalSegment(segment);
    return add(
      names.take(parameterName(all[index - 1]?.replace(/[{}:]/g, ""))),
      text.includes(redacted) ? "" : text,
      undefined,
    );
  });
  return { path: segments.join("/") || "/", parameters: [...parameters.values()], secrets };
}

/** Braces that are no variable's. */
function literalSegment(text: string): string {
  return text.replace(/[{}]/g, encodeURIComponent);
}
