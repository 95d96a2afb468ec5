import type { Authorization, Connection, Grant } from "../../runtime/index.ts";
import { CommandFailure } from "../failure.ts";
import { escapeLine } from "../report/escape.ts";
import type { World } from "../world.ts";
import { mayOpen, openBrowser } from "./browser.ts";
import { type Listener, listen } from "./listener.ts";
import { pages } from "./page.ts";
import { redirectOf } from "./redirect-target.ts";

export interface ConsentFlags {
  readonly browser: boolean;
  readonly port?: number;
  readonly redirectUri?: string;
}

const limitMs = 5 * 60_000;

/** Sends the user to the page where consent is given, and takes what comes back. */
export async function obtainConsent(
  connection: Connection,
  profile: string,
  flags: ConsentFlags,
  world: World,
): Promise<Grant> {
  const redirect = redirectOf(flags);
  if (redirect.kind === "paste") {
    const authorization = await connection.authorize({ profile, redirectUri: redirect.redirectUri });
    await show(authorization, flags, world);
    return authorization.complete(await pasted(world));
  }
  const listener = await listen(redirect.target);
  try {
    const authorization = await connection.authorize({ profile, redirectUri: listener.redirectUri });
    await show(authorization, flags, world);
    return await completed(authorization, listener, world);
  } finally {
    await listener.close();
  }
}

async function completed(authorization: Authorization, listener: Listener, world: World): Promise<Grant> {
  const back = await listener.wait(authorization.state, { limitMs, signal: world.interrupted });
  try {
    const grant = await authorization.complete(back.url);
    await back.answer(pages.done);
    return grant;
  } catch (error) {
    await back.answer(pages.failed);
    throw error;
  }
}

/** The address is always shown: a program that opens browsers may say yes and open none. */
async function show({ url }: Authorization, flags: ConsentFlags, world: World): Promise<void> {
  const opened = flags.browser && mayOpen(url) && (await openBrowser(url, world.env));
  const lead = opened
    ? "Your browser opens this address; if it does not, go there yourself:"
    : "Go to this address:";
  await world.stderr.write(`${lead}\n\n  ${escapeLine(url)}\n\n`);
}

async function pasted(world: World): Promise<string> {
  // It holds a code that is worth a login for a minute: no screen or scrollback keeps it.
  const answer = await world.ask?.(
    "Paste the whole address that the browser was sent to at the end (it does not show): ",
    { secret: true },
  );
  if (answer === undefined || answer.trim() === "")
    throw new CommandFailure(
      "no address was pasted; run the command on a terminal, or name a --redirect-uri on this machine",
    );
  return answer.trim();
}
