/**
 * What it takes to load `connectorc/runtime`, in whole processes beside a bare Node. `npm run bench` builds first.
 * Exits 1 past the bound.
 */
import { loadavg } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mediansOf } from "./process.ts";

const boundMs = 60;
const rounds = 15;
const entry = pathToFileURL(join(import.meta.dirname, "..", "dist", "runtime", "index.js")).href;

const medians = mediansOf(
  {
    node: { args: ["--input-type=module", "-e", ""] },
    runtime: { args: ["--input-type=module", "-e", `import ${JSON.stringify(entry)}`] },
  },
  rounds,
);
const more = medians.runtime - medians.node;
console.log(
  `Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}; medians of ${rounds} interleaved processes`,
);
console.log(`node ${medians.node.toFixed(0)} ms, with the runtime ${medians.runtime.toFixed(0)} ms`);
console.log(`import "connectorc/runtime" takes ${more.toFixed(0)} ms (bound ${boundMs} ms)`);
process.exitCode = more <= boundMs ? 0 : 1;
