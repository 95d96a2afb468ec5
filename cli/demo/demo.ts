import { prettyReport } from "../report/pretty.ts";
import { createFastClock, type FastClock } from "./fast-clock.ts";
import { playJira } from "./jira-chapters.ts";
import { counted, createNarrator, type Listener, type Narrator } from "./narrator.ts";
import { playSecuronix } from "./securonix-chapters.ts";
import { type BuiltClient, judge, openWorkshop, type Workshop } from "./workshop.ts";

/** What a chapter is played with. */
export interface Stage {
  readonly narrator: Narrator;
  readonly clock: FastClock;
  readonly built: BuiltClient;
}

const speed = 5;

/** Plays the whole demo: two shipped connectors, from the descriptor to the last record, on loopback alone. */
export async function playDemo(listener: Listener): Promise<void> {
  const narrator = createNarrator(listener);
  const clock = createFastClock(speed);
  narrator.title("connectorc: two shipped connectors, from descriptor to records");
  narrator.say(
    `No account, no network: both servers live in this process. Its clock runs ${speed} times as fast.`,
  );
  const workshop = await openWorkshop();
  try {
    await playValidation(narrator);
    const [securonix, jira] = await playBuild(narrator, workshop);
    await playSecuronix({ narrator, clock, built: securonix });
    await playJira({ narrator, clock, built: jira });
  } finally {
    await workshop.close();
  }
  narrator.say("");
  narrator.title("Done. The same commands work on your own descriptor: connector validate, build, call.");
}

async function playValidation(narrator: Narrator): Promise<void> {
  narrator.chapter("Validate");
  for (const slug of ["securonix", "jira-cloud"]) {
    const { ir, diagnostics } = await judge(slug);
    const found = diagnostics.length === 0 ? "no findings" : counted(diagnostics.length, "finding");
    const holds = [
      counted(ir?.operations.length ?? 0, "operation"),
      counted(ir?.limits.length ?? 0, "rate limit"),
      counted(ir?.mcp?.tools.length ?? 0, "tool"),
    ];
    narrator.fact(`descriptors/${slug}/connector.yaml`, `${found}; ${holds.join(", ")}`);
  }
  const slip = await judge("jira-cloud", (text) => text.replace("{email}:{api_token}", "{email}:{api_tokn}"));
  narrator.say("A slip of the pen in a copy is pointed at before anything is sent:");
  narrator.quote(prettyReport(slip.diagnostics, slip.text, false));
}

async function playBuild(narrator: Narrator, workshop: Workshop): Promise<[BuiltClient, BuiltClient]> {
  narrator.chapter("Build");
  const build = async (slug: string): Promise<BuiltClient> => {
    const { ir } = await judge(slug);
    if (!ir) throw new Error(`${slug} does not compile`);
    const built = await workshop.build(ir);
    for (const { path, bytes } of built.files) narrator.fact(path, `${Math.ceil(bytes / 1024)} KiB`);
    return built;
  };
  const clients: [BuiltClient, BuiltClient] = [await build("securonix"), await build("jira-cloud")];
  narrator.say("From here on every call goes through these two typed clients.");
  return clients;
}
