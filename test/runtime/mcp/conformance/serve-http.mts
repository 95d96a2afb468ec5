/** Serves the fixture over HTTP until standard input ends; its address is the only line on standard output. */
import { serveToolsOverHttp } from "../../../../runtime/mcp/index.ts";
import { createFixture } from "./fixture.mts";

const fixture = await createFixture();
const serving = await serveToolsOverHttp(fixture.tools);
process.stdout.write(`${serving.url}\n`);
process.stdin.resume();
process.stdin.once("end", async () => {
  await serving.close();
  await fixture.close();
});
