/** Values for what an entry asks for: settings that its own bounds admit, and credentials that need encoding everywhere. */
import { generateKeyPairSync } from "node:crypto";
import { createCertificate } from "../../../runtime/testing/index.ts";
import type { Entry } from "./catalogue.ts";

const pem = (type: "rsa" | "ec" | "ed25519"): string => {
  const { privateKey } =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : type === "ec"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
};

const made = new Map<string, string>();

function keyOf(type: "rsa" | "ec" | "ed25519"): string {
  const key = made.get(type) ?? pem(type);
  made.set(type, key);
  return key;
}

let pair: ReturnType<typeof createCertificate> | undefined;

function certificate(): ReturnType<typeof createCertificate> {
  pair ??= createCertificate();
  return pair;
}

/** Characters that a form, a query and a URL each encode in their own way, and that a header takes. */
export const secretOf = (key: string): string => `s-${key}/+=&`;

export function credentialsOf(entry: Entry, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, credentialOf(entry, key)]));
}

function credentialOf(entry: Entry, key: string): string {
  const algorithm = String(entry.assertion?.header.alg ?? entry.token?.header?.alg ?? "");
  if (key === "client_certificate") return certificate().cert;
  if (key === "client_private_key") return certificate().key;
  if (key === "privateKey_secret") return "0f".repeat(32);
  if (/^(privateKey|private_key)$/.test(key)) return keyOf(algorithm.startsWith("ES") ? "ec" : "rsa");
  const signs = JSON.stringify(entry.proxy?.headers ?? {}).includes("ed25519Sign");
  if (signs && key === "password") return keyOf("ed25519");
  return secretOf(key);
}

const candidates: readonly string[] = [
  "acme",
  "acme.example.com",
  "https://acme.example.com",
  "12345",
  "1234567890",
  "v1.0",
  "us-east-1",
  "us1",
  "2025-01-01",
  "ada@example.com",
  "api.patientfusion.com/fhir",
  "acme.example.com/scim/v2.0",
  "0123456789abcdef0123456789abcdef",
  "3d5a5b9e-0c4e-4b3c-9c49-6a9fcb0f3a11",
];

/** A value for a setting, that its bounds and its place in the entry's URLs admit. */
export function settingOf(entry: Entry, name: string): string {
  const { enum: listed, pattern, format, example } = entry.connection_config?.[name] ?? {};
  if (listed?.[0] !== undefined) return String(listed[0]);
  const texts = JSON.stringify(entry);
  const escaped = name.replaceAll(".", "\\.");
  const isBase = new RegExp(
    `"(?:base_url|token_url|authorization_url)":"\\$\\{(?:connectionConfig\\.)?${escaped}\\}`,
  ).test(texts);
  const isHost = new RegExp(`https://\\$\\{connectionConfig\\.${escaped}\\}(?:[/" ]|$)`).test(texts);
  const isLabel = new RegExp(`https://\\$\\{connectionConfig\\.${escaped}\\}\\.`).test(texts);
  const byPlace = isLabel
    ? "acme"
    : isBase
      ? "https://acme.example.com"
      : isHost
        ? "acme.example.com"
        : undefined;
  const byFormat = {
    hostname: "acme.example.com",
    uri: "https://acme.example.com",
    email: "ada@example.com",
    uuid: "3d5a5b9e-0c4e-4b3c-9c49-6a9fcb0f3a11",
  }[format ?? ""];
  const fixed = format === "uuid" || format === "email" ? byFormat : undefined;
  const wanted = [fixed, byPlace, byFormat, ...candidates, example].flatMap((value) => value ?? []);
  const fits = (value: string): boolean =>
    pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value);
  return wanted.find(fits) ?? candidates[0] ?? "";
}

/** What an answer or a redirect brings: a URL, a host or an id, as the entry's templates need it. */
export function receivedOf(entry: Entry, path: string): string {
  const texts = JSON.stringify(entry);
  const hole = `\${connectionConfig.${path}}`;
  if (texts.includes(`"${hole}`) || texts.includes(`|| ${hole}`)) return "https://received.example.com";
  return texts.includes(`https://${hole}`) ? "received.example.com" : "received-1";
}
