import type { ConnectionFlags } from "../connection/connect-options.ts";
import { withConnection } from "../connection/open.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import { jsonText } from "../report/escape.ts";
import type { ExitCode, World } from "../world.ts";

/** `connector check`: calls the profile's `test_endpoint` and prints what came of it. */
export async function checkCommand(
  descriptor: string,
  flags: ConnectionFlags,
  world: World,
): Promise<ExitCode> {
  const ir = await loadConnectorIr(descriptor, world);
  return withConnection(ir, flags, world, async (connection) => {
    const health = await connection.check({ signal: world.interrupted });
    await world.stdout.write(`${jsonText(health, 2)}\n`);
    return health.ok ? 0 : 1;
  });
}
