/** The program of a bundle's server: `connector build --target mcpb` puts it beside the connector that it serves. */
import { processWorld } from "../process-world.ts";
import { serveBundle } from "./serve.ts";

void serveBundle(import.meta.dirname, processWorld()).then((code) => {
  process.exitCode = code;
});
