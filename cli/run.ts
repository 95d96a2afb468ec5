/** The command line without commander where it can be: loading and running that costs a tenth of a plain `validate`. */
import { tell } from "./tell.ts";
import type { ExitCode, World } from "./world.ts";

/** Runs one command line (without node and script) and answers its exit code; nothing is ever thrown. */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  const paths = plainPaths(argv);
  if (paths) return validatePaths(paths, world);
  const { main } = await import("./main.ts");
  return main(argv, world);
}

/** The paths of `connector validate PATH…`; undefined where there is any option, or another command. */
export function plainPaths([verb, ...paths]: readonly string[]): readonly string[] | undefined {
  const isPlain = verb === "validate" && paths.every((path) => path === "-" || !path.startsWith("-"));
  return isPlain ? paths : undefined;
}

/** The flags that commander makes of no option at all. */
export const noFlags = { format: [], rule: [] } as const;

async function validatePaths(paths: readonly string[], world: World): Promise<ExitCode> {
  try {
    const { validateCommand } = await import("./commands/validate.ts");
    return await validateCommand(paths, noFlags, world);
  } catch (error) {
    return tell(error, world);
  }
}
