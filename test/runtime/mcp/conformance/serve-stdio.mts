/** Serves the fixture over standard input and output. */
import { serveToolsOverStdio } from "../../../../runtime/mcp/index.ts";
import { createFixture } from "./fixture.mts";

const fixture = await createFixture();
await serveToolsOverStdio(fixture.tools, { input: process.stdin, output: process.stdout }).ended;
await fixture.close();
