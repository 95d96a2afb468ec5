import type { Finding, Report } from "../diagnostics.ts";
import { type Entry, entry as entryOf, type Pointer } from "../read/tree.ts";
import type { Home } from "./home.ts";
import { legalKeys, type Place, titleOf } from "./place.ts";
import { property, type Shape } from "./shape.ts";
import { freeKeys, isTwin, judgeKey, type Verdict } from "./unknown-key.ts";
import { asWritten, inStyle, listed, quoted, shortened } from "./words.ts";

/** An entry on its way into a map, and where the author wrote it. */
export interface Moved {
  readonly entry: Entry;
  readonly from: Pointer;
}

/** What judging the keys of one map needs from the walk. */
export interface KeyContext {
  readonly report: Report;
  /** Takes an entry that belongs to the map around. */
  readonly hoist: (moved: Moved) => void;
  /** Hears that a key was dropped: what is missing from the map may be what it meant. */
  readonly dropped: () => void;
  /** Hears of a key that belongs to another section, which is not at hand. */
  readonly stray: (moved: Moved) => void;
}

/** The entries that stay, under the keys that were meant, and those that belong to a map at one of these keys. */
export interface JudgedKeys {
  readonly kept: readonly Moved[];
  readonly sunk: ReadonlyMap<string, readonly Moved[]>;
}

/** Whether the language knows all keys of a map. */
export function hasKnownKeys({ node, shape }: Place): boolean {
  return node.entries.every(({ key }) => isKept(shape, key));
}

/** Reports the unknown keys of a map; `given` are entries that the map around has passed down. */
export function judgeKeys(place: Place, given: readonly Moved[], context: KeyContext): JudgedKeys {
  const own = place.node.entries.map((entry) => ({ entry, from: [...place.from, entry.key] }));
  const names = new Set(own.map(({ entry }) => entry.key));
  const passed = given.filter(({ entry }) => !names.has(entry.key));
  for (const { entry } of passed) names.add(entry.key);
  const legal = new Set(legalKeys(place.shape).filter((key) => names.has(key)));
  const kept: Moved[] = [];
  const sunk = new Map<string, Moved[]>();
  const others: OtherKind[] = [];
  for (const moved of [...own, ...passed]) {
    const { entry, from } = moved;
    if (property(place.shape, entry.key)?.["x-reserved"]) reserved(moved, context);
    else if (isKept(place.shape, entry.key)) kept.push(moved);
    else {
      const free = freeKeys(place.shape, legal);
      const verdict = judgeKey(entry.key, entry.value, place, free);
      if (verdict.kind === "other-kind") others.push({ moved, tags: verdict.tags });
      else context.report(say(moved, verdict, place, legal));
      if (verdict.kind === "misspelt") {
        legal.add(verdict.key);
        kept.push({ entry: entry.withKey(verdict.key), from });
      } else context.dropped();
      if (verdict.kind === "glued") {
        legal.add(verdict.key);
        context.stray({ entry: entry.withKey(verdict.key), from });
      }
      if (verdict.kind === "misplaced" && !verdict.move) context.stray(moved);
      if (verdict.kind === "misplaced" && verdict.move?.to === "parent") context.hoist(moved);
      if (verdict.kind === "misplaced" && verdict.move?.to === "child") {
        const { key } = verdict.move;
        sunk.set(key, [...(sunk.get(key) ?? []), moved]);
      }
    }
  }
  tellOtherKinds(others, place, legal, context);
  return { kept, sunk };
}

/** A key that another `type` has. */
interface OtherKind {
  readonly moved: Moved;
  readonly tags: readonly unknown[];
}

/** Several keys that only one other `type` has say that the type is wrong, and not they. */
function tellOtherKinds(
  others: readonly OtherKind[],
  place: Place,
  legal: ReadonlySet<string>,
  { report }: KeyContext,
): void {
  const [first] = others;
  const tag = first?.tags.find((one) => others.every(({ tags }) => tags.includes(one)));
  const type = entryOf(place.node, "type");
  if (others.length < 2 || tag === undefined || type?.value.kind !== "scalar") {
    for (const { moved, tags } of others) report(say(moved, { kind: "other-kind", tags }, place, legal));
    return;
  }
  const keys = others.map(({ moved }) => moved.entry.key);
  report({
    rule: "structure/unknown-key",
    path: [...place.from, "type"],
    span: type.value.span,
    message: `${quoted(keys, "and")} belong to the ${titleOf(place.shape)} only where \`type\` is \`${String(tag)}\`, but it is \`${String(type.value.value)}\`.`,
    help: `Write \`type: ${String(tag)}\`, or remove these keys.`,
    replace: inStyle(String(tag), type.value),
    related: others.slice(0, 3).map(({ moved }) => ({
      path: moved.from,
      at: "key" as const,
      span: moved.entry.keySpan,
      message: "known there alone",
    })),
  });
}

function isKept(shape: Shape, key: string): boolean {
  const known = property(shape, key);
  return known ? !known["x-reserved"] : key.startsWith("x-");
}

function reserved({ entry, from }: Moved, { report }: KeyContext): void {
  report({
    rule: "structure/reserved-section",
    path: from,
    at: "key",
    span: entry.keySpan,
    message: `The section \`${entry.key}\` is known, but not supported by this version; it has no effect.`,
    help: "Remove it, or keep what it says under a key that begins with `x-`.",
  });
}

/** The finding that an unknown key deserves. */
function say({ entry, from }: Moved, verdict: Verdict, place: Place, given: ReadonlySet<string>): Finding {
  const { key, keySpan } = entry;
  const title = titleOf(place.shape);
  const at = { path: from, at: "key", span: keySpan } as const;
  const unknown = `\`${key}\` is no key of the ${title}`;
  switch (verdict.kind) {
    case "misspelt": {
      const message = `${unknown}; did you mean \`${verdict.key}\`?`;
      const replace = asWritten(verdict.key, key, keySpan);
      const title = `Rename \`${key}\` to \`${verdict.key}\``;
      const fix = verdict.certain ? { fix: { title, edits: [{ span: keySpan, text: replace }] } } : {};
      return {
        rule: "structure/unknown-key",
        ...at,
        message,
        help: `Write \`${verdict.key}\`.`,
        replace,
        ...fix,
      };
    }
    case "glued": {
      const place = keySpan.start + verdict.key.length + 1;
      const isPlain = keySpan.end - keySpan.start === key.length;
      return {
        rule: "structure/unknown-key",
        ...at,
        message: `No blank follows the colon of \`${verdict.key}\`, and so ${shortened(key)} is one key without a value.`,
        help: "Write a blank after the colon.",
        ...(isPlain
          ? {
              fix: {
                title: `Write a blank after \`${verdict.key}:\``,
                edits: [{ span: { start: place, end: place }, text: " " }],
              },
            }
          : {}),
      };
    }
    case "other-kind": {
      const tags = quoted(verdict.tags, "or");
      const message = `\`${key}\` is known in the ${title} only where \`type\` is ${tags}.`;
      return { rule: "structure/unknown-key", ...at, message, help: "Remove it, or change `type`." };
    }
    case "habit":
      return { rule: "structure/unknown-key", ...at, message: `${unknown}.`, help: verdict.help };
    case "misplaced": {
      const sections = verdict.owners.map((owner) => `the ${owner}`);
      const owners = listed(sections, "or");
      const message = `\`${key}\` belongs under ${owners}, not under the ${title}.`;
      const help = verdict.home?.taken ? "Remove one of them." : `Move it to ${owners}.`;
      return { rule: "structure/misplaced-key", ...at, message, help, ...moving(entry, verdict.home, place) };
    }
    case "unknown": {
      const twin = isTwin(key, given);
      const message = twin ? `${unknown}; \`${twin}\` is already given.` : `${unknown}.`;
      const help = `Known keys: ${quoted(legalKeys(place.shape), "and")}. Keys that begin with \`x-\` are kept.`;
      return { rule: "structure/unknown-key", ...at, message, help };
    }
  }
}

/** The move of a key to the only place that it can be meant for, and that place. */
function moving(entry: Entry, home: Home | undefined, { node }: Place): Pick<Finding, "fix" | "related"> {
  if (!home) return {};
  const { into, after, name, path, taken } = home;
  if (taken)
    return { related: [{ path: [...path, entry.key], at: "key", message: "it is given here already" }] };
  const edit = { kind: "move-entry", entry, from: node, into, ...(after ? { after } : {}) } as const;
  const fix = { title: `Move \`${entry.key}\` to ${name}`, edits: [edit] };
  return path.length > 0 ? { fix, related: [{ path, at: "key", message: "it belongs here" }] } : { fix };
}
