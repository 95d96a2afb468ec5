/** A reading that broke off in one process goes on in another, for every kind of pages. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";
import { type Handler, json } from "../../../runtime/testing/index.ts";
import type { Line } from "../../support/line.ts";
import { kinds, pagedLine, readToEnd, serving, wordsOf } from "../../support/paged.ts";
import type { Rest } from "./resume.mts";

const pages = [{ items: [1, 2] }, { items: [3, 4] }, { items: [5, 6] }, { items: [7] }];

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** Fails at the third page, once. */
function failingOnce(handler: Handler): Handler {
  let requests = 0;
  return (...exchange) => (++requests === 3 ? { status: 500, body: "down" } : handler(...exchange));
}

/** Two values lead to the next page together. */
const together =
  "{ type: cursor, cursor_path: $.key, cursor_param: key, more_cursors: { marker: $.marker } }";
const markers: Handler = ({ query }) => {
  const at = query.get("key") === null ? 0 : Number(query.get("marker"));
  const next = at + 1 < pages.length ? { key: "k", marker: String(at + 1) } : { key: null };
  return json({ ...pages[at], ...next });
};

async function inAnotherProcess(rests: readonly Rest[]): Promise<unknown> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const program = new URL("./resume.mts", import.meta.url).pathname;
  const args = ["--import", loader, program, JSON.stringify(rests)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}

it("leads through the rest of the list", async () => {
  const lists = [
    ...kinds.map((kind) => [wordsOf(kind), serving(kind, pages), ""] as const),
    [together, markers, "parameters: [{ name: marker, location: query }]"] as const,
  ];
  const rests: Rest[] = [];
  for (const [words, handler, extra] of lists) {
    const made = await pagedLine(words, failingOnce(handler), extra);
    open.push(made);
    const { records, error } = await readToEnd(made.connection.records("op"));
    expect(records).toEqual([1, 2, 3, 4]);
    expect(error).toMatchObject({ code: "upstream_error", status: 500 });
    rests.push({ ir: made.ir, origin: made.server.origin, cursor: error?.cursor ?? "" });
  }
  expect(await inAnotherProcess(rests)).toEqual(lists.map(() => [5, 6, 7]));
});
