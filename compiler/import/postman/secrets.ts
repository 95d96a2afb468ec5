/** The collection without the secrets in it: every place that holds some is read, then each text is searched for them. */
import { isCredentialName } from "../../check/flow/names.ts";
import { isSecretName } from "../observed/secrecy.ts";
import type { Vault } from "../observed/vault.ts";
import { at, isMap, textAt } from "../plain-data.ts";
import { looksSecret } from "../secrets.ts";
import { parseJson } from "./json-text.ts";

/** Settings of `auth` that say how, and not who. */
const openSettings: ReadonlySet<string> = new Set([
  ...[
    "key",
    "in",
    "algorithm",
    "region",
    "service",
    "accessTokenUrl",
    "authUrl",
    "refreshTokenUrl",
    "scope",
    "grant_type",
  ],
  ...[
    "client_authentication",
    "headerPrefix",
    "addTokenTo",
    "tokenName",
    "tokenType",
    "signatureMethod",
    "version",
  ],
  ...[
    "realm",
    "useBrowser",
    "redirect_uri",
    "addParamsToHeader",
    "addEmptyParamsToSign",
    "payload",
    "header",
    "qop",
  ],
  ...[
    "isSecretBase64Encoded",
    "queryParamKey",
    "challengeAlgorithm",
    "audience",
    "resource",
    "disableRetryRequest",
  ],
  ...[
    "includeBodyHash",
    "disableHeaderEncoding",
    "type",
    "addAuthDataToQuery",
    "saveHelperData",
    "showPassword",
  ],
]);

/** Whatever the collection holds is found by its place; its nesting is bounded by the reader. */
export function gatherSecrets(value: unknown, vault: Vault, name = ""): void {
  if (typeof value === "string") addText(name, value, vault);
  else if (typeof value === "number") {
    if (isSecretName(name)) vault.add(String(value));
  } else if (Array.isArray(value)) for (const item of value) gatherSecrets(item, vault, name);
  else if (isMap(value)) {
    const key = textAt(value, "key") ?? textAt(value, "name");
    const own = at(value, "value");
    // An entry of a list of headers, variables, form fields: its value goes by its own name.
    if (key !== undefined && (typeof own === "string" || typeof own === "number"))
      addEntry(key, String(own), textAt(value, "type") === "secret", vault);
    for (const [inner, below] of Object.entries(value))
      if (inner === "auth" && isMap(below)) gatherAuth(below, vault);
      else if (inner !== "key" && !(inner === "value" && key !== undefined))
        gatherSecrets(below, vault, inner);
  }
}

function gatherAuth(auth: unknown, vault: Vault): void {
  if (!isMap(auth)) return;
  for (const own of Object.values(auth)) {
    const entries = Array.isArray(own)
      ? own.map((one) => [textAt(one, "key") ?? "", at(one, "value")] as const)
      : Object.entries(isMap(own) ? own : {});
    for (const [key, value] of entries) {
      if (typeof value !== "string") continue;
      if (!openSettings.has(key)) addValue(value, true, vault);
      else addText(key, value, vault);
    }
  }
}

function addEntry(name: string, value: string, isMarked: boolean, vault: Vault): void {
  if (isMarked) addValue(value, true, vault);
  else addText(name, value, vault);
}

function addText(name: string, text: string, vault: Vault): void {
  if (/^(?:proxy-)?authorization$/i.test(name)) addAuthorization(text, vault);
  else if (/^(?:set-)?cookie$/i.test(name))
    for (const [, value = ""] of text.matchAll(/=([^;,\s]+)/g)) addValue(value, false, vault);
  else if (isSecretName(name) || (text.length < 200 && looksSecret(text)))
    addValue(text, isCredentialName(name), vault);
  addInside(text, vault);
}

/** Addresses with users and queries, bodies of JSON and forms, XML with its elements. */
function addInside(text: string, vault: Vault): void {
  for (const [, user = "", password = ""] of text.matchAll(/:\/\/([^/?#@:\s]{1,200}):([^/?#@\s]{1,200})@/g)) {
    addValue(user, false, vault);
    addValue(password, true, vault);
  }
  for (const [, name = "", value = ""] of text.matchAll(/[?&\s]([\w.[\]-]{1,80})=([^&#\s"'<>]{1,2000})/g))
    if (isSecretName(name)) addValue(value, false, vault);
  for (const [, name = "", value = ""] of text.matchAll(
    /<([\w:.-]{1,80})(?:\s[^<>]{0,200})?>([^<>]{1,2000})</g,
  ))
    if (isSecretName(name.replace(/^.*:/, ""))) addValue(value, false, vault);
  for (const [, name = "", value = ""] of text.matchAll(
    /\b([\w-]{1,80})\\?["']?\s*[:=]\s*\\?["']([^"'\\\n]{1,2000})\\?["']/g,
  ))
    if (isSecretName(name)) addValue(value, false, vault);
  if (/^\s*[[{]/.test(text)) {
    const json = parseJson(text);
    if (typeof json === "object" && json !== null) gatherJson("", json, vault);
  }
}

function gatherJson(name: string, value: unknown, vault: Vault): void {
  if (typeof value === "string" || typeof value === "number") {
    if (isSecretName(name) || looksSecret(String(value)))
      addValue(String(value), isCredentialName(name), vault);
  } else if (Array.isArray(value)) for (const item of value) gatherJson(name, item, vault);
  else if (isMap(value))
    for (const [key, inner] of Object.entries(value))
      gatherJson(isSecretName(name) ? name : key, inner, vault);
}

function addAuthorization(text: string, vault: Vault): void {
  const [, word = "", rest = text] = /^\s*([A-Za-z][\w-]*)\s+(.*)$/s.exec(text) ?? [];
  addValue(rest, true, vault);
  if (word.toLowerCase() !== "basic" || rest.includes("{{")) return;
  const [user = "", ...password] = Buffer.from(rest, "base64").toString("utf8").split(":");
  vault.add(user);
  vault.add(password.join(":"), true);
}

/** A name in `{{…}}` is no value. */
function addValue(text: string, sure: boolean, vault: Vault): void {
  for (const part of text.split(/\{\{[^{}]*\}\}/)) vault.add(part, sure);
}

/** A copy of the data in which no text holds a known secret. */
export function redactAll(value: unknown, vault: Vault): unknown {
  if (typeof value === "string") return vault.redact(value);
  if (Array.isArray(value)) return value.map((item) => redactAll(item, vault));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactAll(inner, vault)]));
}
