/** Every place of a recording that holds secrets, read once: what is found there is written nowhere. */
import { isCredentialName } from "../../check/flow/names.ts";
import { isSecretName } from "../observed/secrecy.ts";
import type { Vault } from "../observed/vault.ts";
import { isMap } from "../plain-data.ts";
import { looksSecret } from "../secrets.ts";
import type { Exchange, Pair, SeenBody } from "./exchange.ts";

export function gatherSecrets(exchange: Exchange, vault: Vault): void {
  const { url, headers, answerHeaders, cookies, query, body, answer } = exchange;
  for (const part of [url.username, url.password]) vault.add(decoded(part), true);
  for (const [name, value] of query) addNamed(name, value, vault);
  for (const [, value] of cookies) addNamed("session", value, vault);
  for (const header of [...headers, ...answerHeaders]) addHeader(header, vault);
  for (const segment of url.pathname.split("/"))
    if (looksSecret(decoded(segment))) vault.add(decoded(segment));
  for (const one of [body, answer]) if (one) addBody(one, vault);
}

function addHeader([name, value]: Pair, vault: Vault): void {
  if (name === "authorization" || name === "proxy-authorization") {
    const [, word = "", rest = value] = /^\s*([A-Za-z][\w-]*)\s+(.*)$/s.exec(value) ?? [];
    vault.add(rest, true);
    if (word.toLowerCase() === "basic") addBasic(rest, vault);
    else for (const [, part = ""] of rest.matchAll(/="?([^",\s]+)/g)) vault.add(part, true);
  } else if (name === "set-cookie")
    for (const line of value.split("\n")) vault.add(/^[^=;]*=([^;]*)/.exec(line)?.[1] ?? "");
  else if (name === "location" || name === "referer") addAddress(value, vault);
  else if (name !== "cookie") addNamed(name, value, vault);
}

function addBasic(encoded: string, vault: Vault): void {
  const [user = "", ...password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  vault.add(user);
  vault.add(password.join(":"), true);
}

/** A query and a fragment of an address may hold codes and tokens. */
function addAddress(text: string, vault: Vault): void {
  const [, rest = ""] = /[?#](.*)$/s.exec(text) ?? [];
  for (const [name, value] of new URLSearchParams(rest.replaceAll("#", "&"))) addNamed(name, value, vault);
}

function addNamed(name: string, value: string, vault: Vault): void {
  if (isSecretName(name) || looksSecret(value)) vault.add(value, isCredentialName(name));
}

function addBody({ json, fields }: SeenBody, vault: Vault): void {
  for (const [name, value] of fields) if (value !== undefined) addNamed(name, value, vault);
  addValues("", json, vault, 0);
}

/** Nested deeper, an answer is no longer looked through: nothing of its values is written in any case. */
const maxDepth = 40;

function addValues(name: string, value: unknown, vault: Vault, depth: number): void {
  if (typeof value === "string") addNamed(name, value, vault);
  else if (typeof value === "number" && isSecretName(name)) vault.add(String(value));
  else if (depth > maxDepth) return;
  else if (Array.isArray(value)) for (const item of value) addValues(name, item, vault, depth + 1);
  else if (isMap(value))
    // Below a name for secrets every text is one: `session: { id }`.
    for (const [key, inner] of Object.entries(value))
      addValues(isSecretName(name) ? name : key, inner, vault, depth + 1);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
