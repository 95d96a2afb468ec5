import type { Diagnostic } from "../schema/diagnostic.ts";
import type { Connector } from "../schema/ir.ts";
import { compileSource } from "./compile-source.ts";
import { CommandFailure } from "./failure.ts";
import { findSources } from "./find/sources.ts";
import { prettyReport } from "./report/pretty.ts";
import { createConfigs } from "./validate/config.ts";
import { configuredPolicy } from "./validate/settings.ts";
import { type World, wantsColor } from "./world.ts";

/** The one connector that a command's descriptor argument names; its errors, if any, go to standard error. */
export async function loadConnectorIr(descriptor: string, world: World): Promise<Connector> {
  const { sources, problems } = findSources([descriptor], world);
  const [source, other] = sources;
  if (!source || problems.length > 0) throw new CommandFailure(problems.join("; "));
  if (other)
    throw new CommandFailure(
      `${descriptor} holds several descriptors (${source.name}, ${other.name}, …); name one file`,
    );
  const policy = await configuredPolicy(source, createConfigs(undefined, world), world);
  const compiled = await compileSource(source, world, policy);
  if ("problem" in compiled) throw new CommandFailure(compiled.problem);
  const [connector, second] = compiled.connectors;
  const errors = compiled.diagnostics.filter(({ severity }) => severity === "error");
  // Another document of the file may be broken; the one that was named is whole.
  if (connector && !second && (errors.length === 0 || source.slug === connector.slug)) return connector.ir;
  if (connector && second && errors.length === 0)
    throw new CommandFailure(
      `${source.name} holds several connectors; name one: ${compiled.connectors.map(({ slug }) => `${source.name}#${slug}`).join(", ")}`,
    );
  throw await brokenDescriptor(source.name, errors, compiled.text, world);
}

async function brokenDescriptor(
  name: string,
  errors: readonly Diagnostic[],
  text: string,
  world: World,
): Promise<CommandFailure> {
  await world.stderr.write(prettyReport(errors, text, wantsColor(world.stderr, world.env)));
  return new CommandFailure(
    `${name} has errors; mend what is shown above, \`connector validate ${name}\` repeats it`,
    1,
  );
}
