import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConnectorError, compile, loadConnector, validate } from "../index.ts";
import { json, startServer } from "../runtime/testing/index.ts";
import { folderWith, weather } from "./cli/support.ts";

describe("the package root", () => {
  it("loads a connector from its file, calls it and closes it", async () => {
    const server = await startServer({ "GET /eu/readings": json({ readings: [{ id: 1 }], next: null }) });
    onTestFinished(() => server.close());
    const folder = await folderWith({ "weather.yaml": weather });
    const desk = await loadConnector(join(folder, "weather.yaml"), {
      connector: "weather-desk",
      credentials: { api_token: "t" },
      config: { base_url: server.origin },
      network: { allow: [`${server.host}:${server.port}`] },
    });
    const { data } = await desk.call("list_readings", { station: "A" });
    expect(data).toEqual({ readings: [{ id: 1 }], next: null });
    expect(await desk.inspect()).toMatchObject({ running: 0, origins: [{ origin: server.origin }] });
    await desk.close();
    await expect(desk.call("list_readings", { station: "A" })).rejects.toSatisfy(ConnectorError.is);
  });

  it("picks one of several documents by FILE#slug", async () => {
    const folder = await folderWith({
      "two.yaml": `${weather}---\n${weather.replace("weather-desk", "other-desk")}`,
    });
    const options = { credentials: { api_token: "t" }, config: { base_url: "https://weather.example" } };
    const desk = await loadConnector(`${join(folder, "two.yaml")}#other-desk`, options);
    expect(desk.slug).toBe("other-desk");
    await desk.close();
    await expect(loadConnector(join(folder, "two.yaml"), options)).rejects.toThrow(
      /several connectors; there is .*#weather-desk/,
    );
  });

  it("refuses options that nobody reads", async () => {
    const failed = await Reflect.apply(loadConnector, undefined, ["weather.yaml", { netwrok: {} }]).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      code: "configuration",
      message: expect.stringContaining('Did you mean "network"?'),
    });
  });

  it.each([
    ["a file that is not there", undefined, /cannot be opened: there is no such file/],
    [
      "a descriptor with errors",
      weather.replace("auth_type_ref: api_key", "auth_type_ref: none_such"),
      /weather\.yaml:30:20 .*none_such/,
    ],
    [
      "the descriptor of another connector",
      weather.replace("weather-desk", "other-desk"),
      /is the connector other-desk, not weather-desk/,
    ],
  ])("refuses %s with a configuration error", async (_, text, sentence) => {
    const folder = await folderWith(text === undefined ? {} : { "weather.yaml": text });
    const failed = await loadConnector(join(folder, "weather.yaml"), { connector: "weather-desk" }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: "configuration", message: expect.stringMatching(sentence) });
  });

  it("validates and compiles text and data", async () => {
    expect(await validate(weather)).toMatchObject({ valid: true });
    expect(await validate({})).toMatchObject({ valid: false });
    expect((await compile(weather)).ir?.slug).toBe("weather-desk");
  });
});
