import { catalog } from "../../compiler/catalog.ts";
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import { createStyle } from "../report/style.ts";
import { type ExitCode, type World, wantsColor } from "../world.ts";

/** `connector explain RULE`: what a rule finds, and how grave it is unless a finding says otherwise. */
export async function explainCommand(id: string, world: World): Promise<ExitCode> {
  const rules = new Map(Object.entries(catalog));
  const rule = rules.get(id);
  if (!rule) throw new CommandFailure(`there is no rule ${id}${suggestion(id, [...rules.keys()])}`);
  const style = createStyle(wantsColor(world.stdout, world.env));
  await world.stdout.write(`${style.bold(id)} (${rule.severity})\n\n${rule.summary}\n`);
  return 0;
}
