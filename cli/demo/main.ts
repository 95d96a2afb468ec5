/** `npm run demo`. */
import { processWorld } from "../process-world.ts";
import { wantsColor } from "../world.ts";
import { playDemo } from "./demo.ts";

const { stdout, env } = processWorld();

playDemo({ color: wantsColor(stdout, env), write: (text) => void stdout.write(text) }).catch(
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
