import { loadConnectorIr } from "../load-connector-ir.ts";
import { offerOf } from "../offer/offer.ts";
import { offerText } from "../offer/offer-text.ts";
import { jsonText } from "../report/escape.ts";
import { createStyle } from "../report/style.ts";
import { type ExitCode, type World, wantsColor } from "../world.ts";

/** `connector show`: what a descriptor offers. */
export async function showCommand(
  descriptor: string,
  options: { readonly format: "pretty" | "json" },
  world: World,
): Promise<ExitCode> {
  const offer = offerOf(await loadConnectorIr(descriptor, world));
  await world.stdout.write(
    options.format === "json"
      ? `${jsonText(offer, 2)}\n`
      : offerText(offer, createStyle(wantsColor(world.stdout, world.env))),
  );
  return 0;
}
