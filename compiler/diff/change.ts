/** The words of a comparison: what a change is, where it stands in both descriptors, and who reports it. */
import type { Range } from "../../schema/diagnostic.ts";
import type { Pointer } from "../read/tree.ts";

/** What a change asks of the version, gravest first. */
export type Level = "major" | "minor" | "patch";

export const levels: readonly Level[] = ["major", "minor", "patch"];

export type DiffRuleId = `diff/${string}`;

export interface DiffRule {
  readonly level: Level;
  /** Credentials may travel elsewhere, or a guard is gone: somebody should look at it. */
  readonly security?: true;
  /** Whether it breaks anybody cannot be decided by comparing: somebody should look at it. */
  readonly undecided?: true;
  /** One sentence: what changed, and why it has this level. */
  readonly summary: string;
}

export type DiffRules = { readonly [rule: DiffRuleId]: DiffRule };

/** A place in one of the two descriptors. */
export interface Site {
  /** JSON Pointer (RFC 6901) into the descriptor; of what is missing there, where it would stand. */
  readonly path: string;
  /** Known where the descriptor's text was given. */
  readonly range?: Range;
}

export interface Change {
  readonly rule: DiffRuleId;
  readonly level: Level;
  readonly security: boolean;
  readonly undecided: boolean;
  /** A sentence; it names the subjects. */
  readonly message: string;
  /** What it is about, such as `operation list_users`; several where a shared part of the descriptor changed. */
  readonly subjects: readonly string[];
  /** Tools of the MCP server that show the operation: agents that keep tool lists must read them again. */
  readonly tools: readonly string[];
  readonly old: Site;
  readonly new: Site;
}

/** The member of a list whose `key` has this value: for lists of which the IR keeps no index. */
export interface Member {
  readonly key: string;
  readonly is: string;
}

/** A way into a descriptor. */
export type Way = readonly (string | number | Member)[];

/** A way as a pointer, as far as it is known without the descriptor's text. */
export function plainWay(way: Way): Pointer {
  const path: (string | number)[] = [];
  for (const part of way) {
    if (typeof part === "object") break;
    path.push(part);
  }
  return path;
}

/** One place in both descriptors, by the paths that it has there. Others follow where a default may be what says it. */
export class Spot {
  readonly old: Way;
  readonly new: Way;
  readonly others: readonly Spot[];

  constructor(old: Way, now: Way, others: readonly Spot[] = []) {
    this.old = old;
    this.new = now;
    this.others = others;
  }

  at(key: Way[number], newKey: Way[number] = key): Spot {
    return new Spot(
      [...this.old, key],
      [...this.new, newKey],
      this.others.map((other) => other.at(key, newKey)),
    );
  }

  /** This place, or where nothing differs there, another. */
  or(...others: readonly Spot[]): Spot {
    return new Spot(this.old, this.new, [...this.others, ...others]);
  }
}

/** A change before its places are looked up. */
export interface Found {
  readonly rule: DiffRuleId;
  readonly subject: Subject;
  /** A sentence without its subject, with a capital and a full stop. */
  readonly message: string;
  readonly spot: Spot;
  /** Whether the key or the value is meant; unsaid, the value. */
  readonly show?: "key" | "value";
}

export interface Subject {
  readonly kind: "connector" | "operation" | "profile" | "setting" | "limit" | "tool" | "schema";
  readonly id: string;
}

export type Report = (rule: DiffRuleId, spot: Spot, message: string, show?: "key" | "value") => void;
