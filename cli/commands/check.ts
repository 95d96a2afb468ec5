import type { ConnectionFlags } from "../connection/connect-options.ts";
import { failureOf, withConnection } from "../connection/open.ts";
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
    const { error, ...health } = await connection.check({ signal: world.interrupted });
    const report =
      error === undefined ? health : { ...health, error: { code: error.code, message: error.message } };
    await world.stdout.write(`${jsonText(report, 2)}\n`);
    if (error !== undefined) throw failureOf(error, world);
    return health.ok ? 0 : 1;
  });
}
