import type { Connector } from "../../schema/ir.ts";

/** A file that an emitter made, as data: the cli writes it. */
export interface OutputFile {
  /** Relative to the output folder, `/` between parts; each part is `[A-Za-z0-9._-]+`, never `.` or `..`. */
  readonly path: string;
  /** Lines end in `\n`, the last one too. */
  readonly text: string;
  /** `latin1`: no text but bytes, a character each. Default: `utf8`. */
  readonly encoding?: "utf8" | "latin1";
}

/** One target of `build`: the same files, byte for byte, for the same connector and generator. */
export type Emitter = (ir: Connector) => Promise<readonly OutputFile[]>;

/** A connector that a target has nothing for. The message says what to do. */
export class EmitRefusal extends Error {
  override readonly name: string = "EmitRefusal";
}

/** Names that Windows keeps for devices, whatever their extension. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** The folder of a connector: its slug as the schema allows it; anything else becomes hyphens, so no slug leaves the folder. */
export function outputFolder(slug: string): string {
  const folder = slug
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);
  if (folder === "") return "connector";
  return deviceName.test(folder) ? `${folder}_` : folder;
}
