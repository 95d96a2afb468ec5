import { describe, expect, it, onTestFinished } from "vitest";
import { type Listener, listen } from "../../cli/auth/listener.ts";
import { pages } from "../../cli/auth/page.ts";

const never = new AbortController().signal;

async function listener(host = "127.0.0.1"): Promise<Listener> {
  const made = await listen({ host, port: 0, path: "/callback" });
  onTestFinished(() => made.close());
  return made;
}

describe("the listener of a login", () => {
  it("takes nothing before a login has begun", async () => {
    const { redirectUri } = await listener();
    expect((await fetch(`${redirectUri}?code=1&state=s`)).status).toBe(404);
  });

  it("takes one redirect, and no second", async () => {
    const { redirectUri, wait } = await listener();
    const back = wait("s", { limitMs: 60_000, signal: never });
    const first = fetch(`${redirectUri}?code=1&state=s`);
    const { url, answer } = await back;
    expect(url).toBe(`${redirectUri}?code=1&state=s`);
    expect((await fetch(`${redirectUri}?code=2&state=s`)).status).toBe(409);
    await answer(pages.done);
    expect((await first).status).toBe(200);
  });

  it("takes the token of an OAuth 1 login in place of a state", async () => {
    const { redirectUri, wait } = await listener();
    const back = wait("token", { limitMs: 60_000, signal: never });
    const page = fetch(`${redirectUri}?oauth_token=token&oauth_verifier=v`);
    await (await back).answer(pages.done);
    expect((await page).status).toBe(200);
  });

  it("gives up in time", async () => {
    const { wait } = await listener();
    await expect(wait("s", { limitMs: 10, signal: never })).rejects.toThrow(
      "nobody came back from the login within",
    );
  });

  it("says which port is in use", async () => {
    const { redirectUri } = await listener();
    const port = Number(new URL(redirectUri).port);
    await expect(listen({ host: "127.0.0.1", port, path: "/callback" })).rejects.toThrow(
      `port ${port} is in use; end the program that has it, or name another with --port`,
    );
  });

  it("puts nothing of a request into a page", async () => {
    const { redirectUri, wait } = await listener();
    const back = wait("s", { limitMs: 60_000, signal: never });
    const foreign = await fetch(`${redirectUri}?state=%3Cscript%3E&error=%3Cscript%3E`);
    expect(await foreign.text()).toBe(pages.foreign.html);
    const last = fetch(`${redirectUri}?state=s`);
    await (await back).answer(pages.failed);
    await last;
  });
});
