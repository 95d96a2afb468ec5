/** Where an API is: a base URL, and settings for what differs from connection to connection. */
import type { ConnectionSetting } from "../../../schema/descriptor.ts";
import { templateName } from "../names.ts";
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { rankServer, readServerUrl } from "./server-url.ts";

export interface Address {
  /** A template, without a slash at its end. */
  readonly url: string;
  readonly settings: readonly ConnectionSetting[];
  /** What a reader should know of how it came about. */
  readonly remarks: readonly string[];
}

/** The servers of a document, those first that can be called from elsewhere. */
export function preferred(servers: readonly unknown[]): readonly unknown[] {
  return servers
    .map((server) => ({ server, rank: rankServer(textAt(server, "url") ?? "") }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ server }) => server);
}

/** The address of a document's servers, or of those of one operation. */
export function addressOf(servers: readonly unknown[]): Address {
  const [first, ...rest] = preferred(servers);
  const fixed = [...new Set(servers.flatMap((server) => fixedUrl(server) ?? []))];
  if (servers.length > 1 && fixed.length === servers.length && fixed.length > 1)
    return choice(servers, fixed);
  const address = one(first);
  const others = rest.flatMap((server) => textAt(server, "url")?.replace(/\/\/[^/@]*@/, "//") ?? []);
  if (others.length === 0) return address;
  const remark = `Further servers of the document: ${others.slice(0, 5).join(", ")}${others.length > 5 ? ` and ${others.length - 5} more` : ""}.`;
  return { ...address, remarks: [...address.remarks, remark] };
}

/** An absolute https URL without variables. */
function fixedUrl(server: unknown): string | undefined {
  const url = textAt(server, "url");
  return url !== undefined && /^https:\/\/[^\s{}?#@]+$/i.test(url) && rankServer(url) === 0
    ? url.replace(/\/+$/, "")
    : undefined;
}

/** Several fixed servers: the user chooses one of them, the first unless said otherwise. */
function choice(servers: readonly unknown[], urls: readonly string[]): Address {
  const named = servers.flatMap((server, index) => {
    const text = shortText(textAt(server, "description"), 80);
    return text === undefined || urls[index] === undefined ? [] : [`${urls[index]}: ${text}`];
  });
  const setting: ConnectionSetting = {
    key: "base_url",
    label: "Server",
    default_value: urls[0] ?? "",
    enum: nonEmpty(urls),
  };
  const description = shortText(named.join("; "), 500);
  if (description !== undefined) setting.description = description;
  return { url: "{base_url}", settings: [setting], remarks: [] };
}

function nonEmpty(values: readonly string[]): [string, ...string[]] {
  const [first = "", ...rest] = values;
  return [first, ...rest];
}

function one(server: unknown): Address {
  const variables = mapAt(server, "variables");
  const settings = new Map<string, ConnectionSetting>();
  const raw = (textAt(server, "url") ?? "").replace(/^\{([^{}]+)\}(?=:\/\/)/, (_hole, name: string) =>
    schemeOf(at(variables, name)),
  );
  const { url: read, isRelative, remarks } = readServerUrl(apart(raw, variables));
  const absolute = read ?? "";
  const host = /^https?:\/\/([^/]*)/i.exec(absolute)?.[1] ?? "";
  let url = absolute.replace(/\{([^{}]+)\}/g, (hole: string, name: string, offset: number) => {
    const variable = at(variables, name);
    const place = placeOf(hole, offset, absolute, host);
    const value = textAt(variable, "default");
    if (place === "path" && at(variable, "default") === "") return "";
    const key = templateName(name);
    const setting = settingOf(key, variable, place);
    settings.set(key, setting);
    if (place === "host") return `{${key}}${pathBehind(setting)}`;
    return place === "path" && value?.includes("/") ? `{path({${key}})}` : `{${key}}`;
  });
  if (isRelative) {
    settings.set("base_url", {
      key: "base_url",
      label: "Address of the server",
      description: "The document names no server: the beginning of the API's address.",
      format: "uri",
    });
    url = `{base_url}${url}`;
  }
  return { url: url.replace(/\/+$/, ""), settings: [...settings.values()], remarks };
}

/** A variable right behind a host whose default begins with a slash is the path. */
function apart(url: string, variables: DataMap): string {
  return url.replace(/(?<=[^/])\{([^{}]+)\}/g, (hole, name: string) =>
    textAt(at(variables, name), "default")?.startsWith("/") ? `/${hole}` : hole,
  );
}

/** The path of a default that is more than a host; the host alone stays the default. */
function pathBehind(setting: ConnectionSetting): string {
  const [, host = "", path = ""] =
    /^(?:https?:\/\/)?([^/]+)(\/[A-Za-z0-9_.~/-]*)?$/.exec(String(setting.default_value ?? "")) ?? [];
  if (host !== "" && setting.enum === undefined) setting.default_value = host;
  return setting.enum === undefined ? path.replace(/\/+$/, "") : "";
}

function schemeOf(variable: unknown): string {
  const values = [at(variable, "default"), ...listAt(variable, "enum")];
  return values.includes("https") || values[0] !== "http" ? "https" : "http";
}

type Place = "origin" | "host" | "label" | "port" | "path";

function placeOf(hole: string, offset: number, url: string, host: string): Place {
  if (offset === 0) return "origin";
  const start = url.indexOf("://") + 3;
  if (offset >= start + host.length) return "path";
  if (host === hole) return "host";
  return url[offset - 1] === ":" ? "port" : "label";
}

function settingOf(key: string, variable: unknown, place: Place): ConnectionSetting {
  const setting: ConnectionSetting = { key };
  const description = shortText(textAt(variable, "description"), 500);
  if (description !== undefined) setting.description = description;
  const given = scalarText(at(variable, "default"));
  const value = place === "path" ? given?.replace(/^\/+/, "") : given;
  const values = listAt(variable, "enum").flatMap((one) => scalarText(one) ?? []);
  if (value !== undefined && value !== "") setting.default_value = value;
  if (values.length > 0)
    setting.enum = nonEmpty([...new Set(value === undefined || value === "" ? values : [value, ...values])]);
  else bound(setting, place, value);
  return setting;
}

/** Keeps a part of a host from leading elsewhere. */
function bound(setting: ConnectionSetting, place: Place, value: string | undefined): void {
  if (place === "origin") setting.format = "uri";
  else if (place === "host") setting.format = "hostname";
  else if (place === "port") setting.pattern = "[0-9]{1,5}";
  else if (place === "label" && (value === undefined || /^[A-Za-z0-9-]+$/.test(value)))
    setting.pattern = "[A-Za-z0-9-]+";
  else if (place === "label") setting.pattern = "[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*";
}

function scalarText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** Whether a document says anything of servers at all. */
export function hasServers(servers: readonly unknown[]): boolean {
  return servers.some((server) => isMap(server) && textAt(server, "url") !== undefined);
}
