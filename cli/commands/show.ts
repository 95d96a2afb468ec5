import { loadConnectorIr } from "../load-connector-ir.ts";
import { offerOf } from "../offer/offer.ts";
import { offerText } from "../offer/offer-text.ts";
import { originsOf } from "../offer/origins.ts";
import { originsText } from "../offer/origins-text.ts";
import { jsonText } from "../report/escape.ts";
import { createStyle } from "../report/style.ts";
import { type ExitCode, type World, wantsColor } from "../world.ts";

/** `connector show`: what a descriptor offers, or where its credentials go. */
export async function showCommand(
  descriptor: string,
  { format, origins }: { readonly format: "pretty" | "json"; readonly origins?: true },
  world: World,
): Promise<ExitCode> {
  const ir = await loadConnectorIr(descriptor, world);
  const style = createStyle(wantsColor(world.stdout, world.env));
  const shown = origins ? originsOf(ir) : offerOf(ir);
  await world.stdout.write(
    format === "json"
      ? `${jsonText(shown, 2)}\n`
      : "operations" in shown
        ? offerText(shown, style)
        : originsText(shown, style),
  );
  return 0;
}
