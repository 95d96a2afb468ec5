#!/usr/bin/env node
/** The program from its sources; `start.ts` is what the package runs. */
import { runProcess } from "./program.ts";

runProcess();
