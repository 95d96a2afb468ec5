/** The one folder that an authoring server reads and writes. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import type { Host } from "../../compiler/host.ts";
import { ConnectorError } from "../../runtime/errors.ts";
import { refusal } from "./refuse.ts";

/** Letters, digits, `_`, `-` and `.`, nothing hidden, at most eight folders deep: no way out, on any system. */
const pathForm = /^(?:[A-Za-z0-9_][A-Za-z0-9._-]*\/){0,8}[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const longestPath = 200;

export class Workspace {
  readonly #root: string;

  /** `folder` may be a link, as its user says so; nothing below it. */
  constructor(folder: string) {
    this.#root = realpathSync(folder);
  }

  /** A file of at most `limit` bytes. What is judged is the file that was opened, whatever happens to its name meanwhile. */
  read(path: string, limit: number): Buffer {
    const place = this.#place(path);
    return this.#told(path, () => {
      this.#checkFolders(path, false);
      const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const found = fstatSync(file);
        if (!found.isFile()) throw refusal(`${path} is no regular file.`, "path");
        if (found.size > limit) throw refusal(`${path} is larger than ${limit} bytes.`, "path");
        this.#checkReal(place, path);
        const named = lstatSync(place);
        if (named.ino !== found.ino || named.dev !== found.dev) throw moved(path);
        return readFileSync(file);
      } finally {
        closeSync(file);
      }
    });
  }

  /** Writes a file whole or not at all; one that stands there is replaced only with `overwrite`. */
  write(path: string, text: string, overwrite: boolean): void {
    const place = this.#place(path);
    this.#told(path, () => {
      this.#checkFolders(path, true);
      const standing = lstatSync(place, { throwIfNoEntry: false });
      if (standing && !standing.isFile()) throw refusal(`${path} is no regular file.`, "path");
      const beside = join(dirname(place), `.${randomBytes(8).toString("hex")}.tmp`);
      const file = openSync(beside, "wx");
      try {
        // A folder that has become a link since it was checked shows here, before anything is in the file.
        this.#checkReal(beside, path);
        writeFileSync(file, text);
        if (overwrite) renameSync(beside, place);
        else linkSync(beside, place);
      } finally {
        closeSync(file);
        rmSync(beside, { force: true });
      }
    });
  }

  /** The files beside a descriptor, as the compiler asks for them. */
  host(path: string, limit: number): Host {
    return {
      readText: async (file) => {
        try {
          return { text: this.read(posix.join(posix.dirname(path), file), limit) };
        } catch (error) {
          if (ConnectorError.is(error)) return { problem: error.message.replace(/\.$/, "") };
          throw error;
        }
      },
    };
  }

  #place(path: string): string {
    if (!pathForm.test(path) || path.length > longestPath)
      throw refusal(
        `${JSON.stringify(path.slice(0, longestPath))} is no path of the folder: give names of letters, digits, _, - and . with / between, such as desk/connector.yaml.`,
        "path",
      );
    return join(this.#root, ...path.split("/"));
  }

  #checkFolders(path: string, make: boolean): void {
    let at = this.#root;
    for (const part of path.split("/").slice(0, -1)) {
      at = join(at, part);
      let found = lstatSync(at, { throwIfNoEntry: false });
      if (!found && make) {
        mkdirSync(at);
        found = lstatSync(at);
      }
      if (found && !found.isDirectory())
        throw refusal(`${path} leads through ${part}, which is a link or a file.`, "path");
    }
  }

  #checkReal(place: string, path: string): void {
    if (realpathSync(place) !== place || !place.startsWith(this.#root + sep)) throw moved(path);
  }

  #told<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (ConnectorError.is(error)) throw error;
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === undefined) throw error;
      if (code === "EEXIST")
        throw refusal(`${path} stands there already; overwrite it with overwrite: true.`, "path");
      if (code === "ELOOP") throw refusal(`${path} is a link; links are not followed.`, "path");
      throw refusal(`${path}: ${fileReason(error)}.`, "path");
    }
  }
}

function moved(path: string): ConnectorError {
  return refusal(`${path} leads out of the folder, or was moved while it was opened.`, "path");
}
