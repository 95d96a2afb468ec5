/** Where the credentials of each profile can go, as plain data: what `connector show --origins` prints. */
import { authorityOf } from "../../compiler/check/flow/authority.ts";
import type { Connector, CredentialField, Hole, Profile, Setting, Template } from "../../schema/ir.ts";
import { markForeign } from "./foreign.ts";
import { originExchanges } from "./origin-exchanges.ts";

/** The origins of a connector. Keys are those of the descriptor language where it has them. */
export interface OfferedOrigins {
  readonly slug: string;
  readonly version: string;
  readonly profiles: readonly {
    readonly profile_id: string;
    readonly type: string;
    readonly origins: readonly OfferedOrigin[];
    /** Hosts that an answer may lead to besides: a next page, an extracted base URL. */
    readonly allowed_hosts: readonly string[];
  }[];
}

export interface OfferedOrigin {
  /** As a URL template, such as `https://{domain}.example.com:8443`. */
  readonly origin: string;
  /** `null` where a value brings it. */
  readonly scheme: "https" | "http" | null;
  readonly host: string;
  /** `null` for the scheme's own. */
  readonly port: string | null;
  readonly holes: readonly OriginHole[];
  readonly senders: readonly Sender[];
  /** A secret goes here that belongs to a host of another owner. */
  readonly foreign: boolean;
}

/** A value that is filled into the origin, and what bounds it. */
export interface OriginHole {
  readonly name: string;
  readonly kind: "setting" | "credential" | "answer";
  readonly bounded_by: Bound;
}

export type Bound =
  | { readonly kind: "enum"; readonly values: readonly unknown[] }
  | { readonly kind: "pattern"; readonly pattern: string }
  | { readonly kind: "format"; readonly format: string }
  | { readonly kind: "type"; readonly type: string }
  /** Of an answer: the hosts of `allowed_hosts`, and what the descriptor names. */
  | { readonly kind: "allowed_hosts"; readonly hosts: readonly string[] }
  /** The runtime takes one label of letters, digits and hyphens: the rest of the host stays. */
  | { readonly kind: "label" }
  | { readonly kind: "nothing" };

/** Who sends a credential to an origin. */
export type Sender =
  | { readonly kind: "operations"; readonly count: number; readonly operations: readonly string[] }
  | { readonly kind: "step"; readonly chain: string; readonly step: string }
  | { readonly kind: "token" | "refresh" | "test" };

/** Gathers the origins from the IR, in the order in which a connection meets them. */
export function originsOf(ir: Connector): OfferedOrigins {
  return {
    slug: ir.slug,
    version: ir.version,
    profiles: ir.profiles.map((profile) => ({
      profile_id: profile.id,
      type: profile.type,
      origins: offeredOrigins(profile, ir),
      allowed_hosts: profile.allowed_hosts,
    })),
  };
}

function offeredOrigins(profile: Profile, ir: Connector): OfferedOrigin[] {
  const exchanges = originExchanges(profile, ir);
  const foreign = markForeign(profile, exchanges);
  const found = new Map<string, typeof exchanges>();
  for (const exchange of exchanges)
    found.set(exchange.origin, [...(found.get(exchange.origin) ?? []), exchange]);
  return [...found].map(([origin, [first, ...rest]]) => {
    const all = first ? [first, ...rest] : rest;
    const authority = authorityOf(origin);
    const text = (parts: readonly { readonly text: string }[]): string =>
      parts.map((part) => part.text).join("");
    const port = authority ? text(authority.port) : "";
    return {
      origin,
      scheme: authority?.scheme ?? null,
      host: authority ? text(authority.host) : origin,
      port: port === "" ? null : port,
      holes: holesIn(first?.template).map((hole) => offeredHole(hole, profile, ir)),
      senders: sendersOf(all.map(({ sender }) => sender)),
      foreign: all.some((exchange) => foreign.has(exchange)),
    };
  });
}

/** Operations as one entry, at the place of the first. */
function sendersOf(
  senders: readonly (Sender | { readonly kind: "operation"; readonly id: string })[],
): Sender[] {
  const operations = senders.flatMap((sender) => (sender.kind === "operation" ? sender.id : []));
  const others = senders.flatMap((sender) => (sender.kind === "operation" ? [] : [sender]));
  return operations.length > 0
    ? [...others, { kind: "operations", count: operations.length, operations }]
    : others;
}

function holesIn(template: Template | undefined): Extract<Hole, { kind: "ref" }>[] {
  return (template?.parts ?? []).flatMap((part) =>
    typeof part === "string" ? [] : part.kind === "ref" ? part : part.args.flatMap(holesIn),
  );
}

function offeredHole(hole: Extract<Hole, { kind: "ref" }>, profile: Profile, ir: Connector): OriginHole {
  const { symbol, context } = hole;
  switch (symbol.kind) {
    case "setting":
      return {
        name: symbol.key,
        kind: "setting",
        bounded_by: boundOf(
          ir.settings.find(({ key }) => key === symbol.key),
          context,
        ),
      };
    case "credential":
      return {
        name: symbol.key,
        kind: "credential",
        bounded_by: boundOf(
          profile.fields.find(({ key }) => key === symbol.key),
          context,
        ),
      };
    default:
      return {
        name: "name" in symbol ? symbol.name : symbol.kind,
        kind: "answer",
        bounded_by: { kind: "allowed_hosts", hosts: profile.allowed_hosts },
      };
  }
}

function boundOf(field: Setting | CredentialField | undefined, context: Hole["context"]): Bound {
  if (field?.enum) return { kind: "enum", values: field.enum };
  if (field?.pattern !== undefined) return { kind: "pattern", pattern: field.pattern };
  if (field?.format !== undefined) return { kind: "format", format: field.format };
  if (field && (field.type === "integer" || field.type === "number" || field.type === "boolean"))
    return { kind: "type", type: field.type };
  return context === "host" ? { kind: "label" } : { kind: "nothing" };
}
