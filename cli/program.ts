import { main } from "./main.ts";
import { processWorld } from "./process-world.ts";

export { main } from "./main.ts";

/** Runs this process as the program `connector`. The exit code is set, not forced, so that output drains first. */
export function runProcess(): void {
  void main(process.argv.slice(2), processWorld()).then((code) => {
    process.exitCode = code;
  });
}
