/** Opaque texts that say where reading can go on. */
import { type OperationPlan, secretField } from "../../schema/standalone-plan.ts";
import { decodeBase64urlText, encodeBytes } from "../crypto/encoding.ts";
import { toJson } from "../request/to-json.ts";
import { unfit } from "./errors.ts";
import type { Position } from "./pagers.ts";
import { planHas } from "./plan-has.ts";

/** What a cursor belongs to: it leads nowhere in another reading. */
export interface CursorOwner {
  readonly connector: string;
  readonly operation: OperationPlan;
  readonly values: ReadonlyMap<string, unknown>;
  readonly given: ReadonlySet<string>;
  /** Texts that a cursor must not hold. */
  secrets(): readonly string[];
  /** Waits until these are at hand. */
  ready(): Promise<void>;
}

/** Stands around the number of a secret; JSON has it escaped wherever it is data. */
const sign = "\u0001";

/** Opaque text that names a position of this reading. Secrets that a server echoed are left out by their number. */
export function cursorOf(reading: CursorOwner, position: Position): string {
  let text = JSON.stringify([ownerOf(reading), position]);
  // Numbers of pages hold none.
  if (planHas.serverPages)
    for (const [at, secret] of reading.secrets().entries())
      text = text.replaceAll(secret, () => `${sign}${at}${sign}`);
  return encodeBytes(text, "base64url");
}

export async function positionOf(reading: CursorOwner, cursor: string): Promise<Position> {
  let read: unknown;
  try {
    // Numbers of pages are written in digits that both alphabets have.
    let text = planHas.serverPages ? decodeBase64urlText(cursor) : atob(cursor);
    if (planHas.serverPages && text.includes(sign)) {
      await reading.ready();
      text = text.replace(/\u0001(\d+)\u0001/g, (_, at) => reading.secrets()[Number(at)] ?? "");
    }
    read = JSON.parse(text);
  } catch {
    // Said below.
  }
  const { pages } = reading.operation;
  const [owner, position] = Array.isArray(read) ? read : [];
  const isOurs = owner === ownerOf(reading) && Array.isArray(position);
  const [kind, ...rest] = isOurs ? position : [];
  const counts = planHas.countedPages && /^(?:offset|page)$/.test(pages?.kind ?? "");
  const leads = pages && (pages.kind === "link_header" || pages.source === "next_url" ? "url" : "cursor");
  const isSound =
    planHas.countedPages && counts
      ? kind === pages?.kind && rest.every((value) => Number.isSafeInteger(value) && Number(value) >= 0)
      : kind === "start" ||
        (planHas.serverPages && kind === leads && (kind === "cursor" || URL.canParse(rest[0] as string)));
  if (isSound) return position as unknown as Position;
  throw unfit(
    "cursor",
    "The `cursor` is none of this operation and these parameters. Pass one that a page or an error gave.",
  );
}

/** Tells readings apart: secret parameters and the place of the page are left out. */
function ownerOf({
  connector,
  operation: { id, parameters = [], pages },
  values,
  given,
}: CursorOwner): number {
  const place = pages?.slot?.[0] === "parameter" ? pages.slot[1] : undefined;
  const counted = parameters.filter(
    ({ key, bits = 0, type }) => given.has(key) && !(bits & secretField) && type !== "file" && key !== place,
  );
  return mixed(toJson([connector, id, ...counted.map(({ key }) => [key, values.get(key)])]));
}

/** 32 bits of a text; nothing depends on it but that other parameters are told. */
function mixed(text: string): number {
  let bits = 0;
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 0x9e3779b1);
  return bits >>> 0;
}
