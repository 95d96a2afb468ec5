import { ConnectorError } from "../errors.ts";
import type { Awaitable } from "../ports.ts";

/** Shorter values occur by chance: a reference in their place would hide nothing. */
const shortest = 4;
/** Stands around a reference; JSON has it escaped wherever it is data. */
const sign = "\u0001";

/** Takes secrets that a server echoed out of the JSON text of a cursor, and puts them in again. */
export interface Veil {
  /** What turns the secrets of now into references to where they came from. */
  covering(): (json: string) => string;
  /** References become the secrets of now. */
  uncover(json: string): Awaitable<string>;
}

/** Secrets by the name under which they are found again. */
export type NamedSecrets = ReadonlyMap<string, string>;

/**
 * `known`: the secrets at hand, the same map for as long as they are the same; `find`: those of now, waited for where a
 * cursor needs them.
 */
export function createVeil(known: () => NamedSecrets, find: () => Promise<NamedSecrets>): Veil {
  let of: NamedSecrets | undefined;
  let cover = (json: string): string => json;
  return {
    covering: () => {
      const secrets = known();
      if (secrets !== of) {
        const needles = needlesOf(secrets);
        cover = (json) => needles.reduce(coverOne, json);
      }
      of = secrets;
      return cover;
    },
    uncover: (json) => (json.includes(sign) ? uncoverAll(json, find) : json),
  };
}

/** A secret as it may stand in the text, and what takes its place. */
interface Needle {
  readonly text: string;
  readonly reference: string;
}

/** The longest first: one may be a part of another. */
function needlesOf(secrets: NamedSecrets): Needle[] {
  return [...secrets]
    .filter(([, secret]) => secret.length >= shortest)
    .flatMap(([name, secret]) =>
      spellings.map((spell, index) => ({
        text: inJson(spell(secret.toWellFormed())),
        reference: `${sign}${index}${name}${sign}`,
      })),
    )
    .sort((left, right) => right.text.length - left.text.length);
}

/** How servers spell what they echo, as it stands inside a JSON string. */
const spellings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  encodeURIComponent,
  (secret) => new URLSearchParams([["", secret]]).toString().slice(1),
  (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
];

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Inside a reference nothing is replaced: every second piece is one. */
function coverOne(json: string, { text, reference }: Needle): string {
  if (!json.includes(text)) return json;
  return json
    .split(sign)
    .map((piece, at) => (at % 2 === 1 ? piece : piece.replaceAll(text, () => reference)))
    .join(sign);
}

async function uncoverAll(json: string, find: () => Promise<NamedSecrets>): Promise<string> {
  const secrets = await find();
  return json
    .split(sign)
    .map((piece, at) => (at % 2 === 0 ? piece : resolve(piece, secrets)))
    .join("");
}

function resolve(reference: string, secrets: NamedSecrets): string {
  const secret = secrets.get(reference.slice(1));
  const spell = spellings[Number(reference[0])];
  if (secret !== undefined && spell) return inJson(spell(secret.toWellFormed()));
  throw new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: "The `cursor` belongs to other parameters or credentials. Pass those with which it was given.",
    details: { parameter: "cursor" },
  });
}
