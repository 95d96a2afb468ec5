#!/usr/bin/env node
/** What the package's `bin` names: starts the bundled program beside it. */
import { createBundleLoader } from "./bundle-loader.ts";

// The bundle is this package's own `program.ts`, so its shape is known.
const { runProcess } = createBundleLoader(import.meta.dirname).load(
  "program.cjs",
) as typeof import("./program.ts");
runProcess();
