/** Calls through imported descriptors, judged by a foreign validator that reads the vendors' own documents. */
import { expect, onTestFinished } from "vitest";
import { compileImported, corpusDocument, createCaller, importFile } from "./imported.ts";
import { judgeOf, missingCredentials, readDocument } from "./judge.ts";
import { NoSample } from "./sample.ts";

/** Operations of each document. */
const sampled = 8;

/** Imports a document, and calls operations spread over it with made-up values: the fewest, and all. */
export async function judgeCalls(file: string): Promise<void> {
  const path = corpusDocument(file);
  if (path === undefined) return;
  const { connectors } = await compileImported(await importFile(path));
  const ir = connectors[0]?.ir;
  if (!ir) throw new Error("nothing was compiled");
  const document = readDocument(path);
  expect(ir.operations.length).toBe(document.operations.length);
  const caller = await createCaller(ir);
  onTestFinished(() => caller.close());
  const complaints: string[] = [];
  let judged = 0;
  const step = Math.max(1, Math.floor(ir.operations.length / sampled));
  for (let index = 0; index < ir.operations.length; index += step) {
    const operation = ir.operations[index];
    const source = document.operations[index];
    // What stands behind a `#` tells operations of one path apart, and is never sent.
    if (!operation || !source || source.path.includes("#")) continue;
    const judge = await judgeOf(document, source);
    for (const withOptional of [false, true])
      try {
        const request = await caller.request(operation, withOptional);
        judged += 1;
        const found = [...judge(request), ...missingCredentials(document, source, request)];
        complaints.push(...found.map((one) => `${request.method} ${request.target}: ${one}`));
      } catch (error) {
        if (!(error instanceof NoSample)) complaints.push(`${operation.id}: ${String(error)}`);
      }
  }
  expect(complaints).toEqual([]);
  expect(judged).toBeGreaterThan(0);
}
