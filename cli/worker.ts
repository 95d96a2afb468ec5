/** What a thread of the packaged program runs: the checks of `connector validate`, from that command's own bundle. */
import { loadBundles } from "./bundles.ts";

// The bundle is this package's own `commands/validate.ts`, so its shape is known.
const { serveAsWorker } = loadBundles(import.meta.dirname, false).load(
  "validate.cjs",
) as typeof import("./commands/validate.ts");
void serveAsWorker();
