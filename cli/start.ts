#!/usr/bin/env node
/** What the package's `bin` names: starts the bundled program beside it. */
import { loadBundles } from "./bundles.ts";

// The bundle is this package's own `program.ts`, so its shape is known.
const { runProcess } = loadBundles(import.meta.dirname, true).load(
  "program.cjs",
) as typeof import("./program.ts");
runProcess();
