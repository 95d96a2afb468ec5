import { processWorld } from "./process-world.ts";
import { plainPaths, run } from "./run.ts";

export { run } from "./run.ts";

/** Runs this process as the program `connector`. The exit code is set, not forced, so that output drains first. */
export function runProcess(): void {
  const argv = process.argv.slice(2);
  const world = processWorld();
  void run(argv, world).then((code) => {
    process.exitCode = code;
    // To take down a heap that ends anyway costs a millisecond.
    if (plainPaths(argv) && world.isDrained) process.exit();
  });
}
