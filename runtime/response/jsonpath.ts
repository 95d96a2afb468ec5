/** Runs the JSONPaths of an IR on decoded answers. Plain ones run at once; the rest are prepared at load. */
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { selectPlain } from "../../schema/language/jsonpath.ts";
import type { PathRun } from "../../schema/language/path-engine.ts";
import { ConnectorError } from "../errors.ts";

/** Prepared paths, by the object of the IR that holds each; they go when the IR goes. */
const prepared = new WeakMap<JsonPath, PathRun>();

/** Loads the engines that these paths need, if any; `select` then runs them without waiting. */
export function loadPathEngines(paths: Iterable<JsonPath>): void | Promise<void> {
  const waiting = [...paths].filter((path) => path.kind !== "plain" && !prepared.has(path));
  if (waiting.length === 0) return;
  return prepareAll(waiting);
}

async function prepareAll(paths: readonly JsonPath[]): Promise<void> {
  const { preparePath } = await import("../../schema/language/path-engine.ts");
  for (const path of paths) {
    try {
      prepared.set(path, await preparePath(path));
    } catch (cause) {
      throw new ConnectorError({
        code: "configuration",
        phase: "configuration",
        message: `The JSONPath ${path.text} cannot be run; compile the descriptor again.`,
        details: { path: path.text },
        cause,
      });
    }
  }
}

/** Every value that the path selects, in document order. Throws `response_invalid` where a bound is met. */
export function select(path: JsonPath, value: unknown): unknown[] {
  if (path.kind === "plain") return selectPlain(value, path.steps);
  const run = prepared.get(path);
  if (!run) throw notLoaded(path);
  try {
    return run(value);
  } catch (cause) {
    // The engine's only failures on a proved path are its bounds (`PathLimitError`).
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectorError({
      code: "response_invalid",
      phase: "response",
      message: `The JSONPath ${path.text} does not fit this answer: ${reason}. Narrow the path.`,
      details: { path: path.text },
    });
  }
}

function notLoaded(path: JsonPath): ConnectorError {
  return new ConnectorError({
    code: "internal",
    phase: "response",
    message: `The JSONPath ${path.text} was not prepared at load; please report this.`,
  });
}
