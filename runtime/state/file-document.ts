/** What the two files of a store hold: sealed records, and who holds which lease. */
import { storeFault } from "./file-error.ts";

/** A record as it lies in the file: the value is sealed by the runtime, in base64. */
export interface FileRecord {
  readonly tenant: string;
  readonly kind: string;
  readonly id: string;
  readonly fence: number;
  /** Unix milliseconds; undefined: it does not end. */
  readonly endsAt?: number;
  readonly value: string;
}

export interface SecretsDocument {
  /** The highest fence that was ever given. */
  readonly fence: number;
  /** The key of record names, sealed, in base64; empty in a store that was never written. */
  readonly names: string;
  readonly records: ReadonlyMap<string, FileRecord>;
}

export interface FileLease {
  readonly owner: string;
  readonly endsAt: number;
  readonly ttlMs: number;
}

export type LeasesDocument = ReadonlyMap<string, FileLease>;

export const noSecrets: SecretsDocument = { fence: 0, names: "", records: new Map() };

const format = "connectorc-secrets";

/** One record a line. */
export function formatSecrets({ fence, names, records }: SecretsDocument): string {
  const lines = [...records.values()].map((record) => JSON.stringify(record));
  const head = `{"format":"${format}","version":1,"fence":${fence},"names":${JSON.stringify(names)},"records":[`;
  return `${head}\n${lines.join(",\n")}\n]}\n`;
}

/** Reads what `formatSecrets` has written; anything else is a fault, never an empty store. */
export function parseSecrets(text: string, path: string): SecretsDocument {
  const data = parse(text);
  if (data === undefined)
    throw storeFault(
      `The credential store ${path} is damaged or cut off: it is no JSON. Nothing was changed. Restore it from a copy, or move it away and sign in again.`,
    );
  if (!isObject(data) || data.format !== format)
    throw storeFault(
      `${path} is no credential store of this program. Nothing was changed. Name another path.`,
    );
  if (data.version !== 1)
    throw storeFault(
      `The credential store ${path} is of version ${String(data.version)}, which this program does not know. Update the program, or name another path.`,
    );
  const { fence, names, records } = data;
  if (
    typeof fence !== "number" ||
    typeof names !== "string" ||
    !Array.isArray(records) ||
    !records.every(isRecord)
  )
    throw storeFault(
      `The credential store ${path} is damaged. Nothing was changed. Restore it from a copy, or move it away and sign in again.`,
    );
  return { fence, names, records: new Map(records.map((record) => [recordName(record), record])) };
}

export function formatLeases(leases: LeasesDocument): string {
  return `${JSON.stringify([...leases])}\n`;
}

/** Leases are short: what cannot be read, after a power failure, holds none. */
export function parseLeases(text: string): LeasesDocument {
  const data = parse(text);
  return new Map(Array.isArray(data) ? data.filter(isLeaseEntry) : []);
}

/** Unambiguous whatever the parts hold. */
export function recordName(key: {
  readonly tenant: string;
  readonly kind: string;
  readonly id: string;
}): string {
  return JSON.stringify([key.tenant, key.kind, key.id]);
}

/** What the runtime seals a record's value with, beside the key: records cannot change places. */
export function recordContext({ tenant, id }: { readonly tenant: string; readonly id: string }): string {
  return `${tenant}\n${id}`;
}

/** A record and its lease have this in common. */
export function topicName(key: { readonly tenant: string; readonly id: string }): string {
  return JSON.stringify([key.tenant, key.id]);
}

/** Whether a lease still holds; one that ends later than its life allows is of a clock that was set back. */
export function isLive(lease: FileLease | undefined, wall: number): lease is FileLease {
  return lease !== undefined && wall < lease.endsAt && lease.endsAt - wall <= lease.ttlMs;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRecord(value: unknown): value is FileRecord {
  return (
    isObject(value) &&
    [value.tenant, value.kind, value.id, value.value].every((part) => typeof part === "string") &&
    typeof value.fence === "number" &&
    (value.endsAt === undefined || typeof value.endsAt === "number")
  );
}

function isLeaseEntry(value: unknown): value is [string, FileLease] {
  return (
    Array.isArray(value) &&
    typeof value[0] === "string" &&
    isObject(value[1]) &&
    typeof value[1].owner === "string" &&
    typeof value[1].endsAt === "number" &&
    typeof value[1].ttlMs === "number"
  );
}
