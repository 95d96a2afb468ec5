import { describe, expect, it } from "vitest";
import { folderWith, json, run, weather } from "./support.ts";

describe("connector show", () => {
  it("lists what a descriptor offers", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    const ran = await run(["show", "weather.yaml"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    for (const line of [
      "Weather Desk weather-desk 1.0.0, by Test Press",
      "  list_readings  List the readings of a station (pages by cursor)",
      "    GET {base_url}/{region}/readings  [api_key]",
      "    station  query, string, required  Station code",
      "    → readings: array, next: string or null",
      "    api_token  secret, required, secret  API token",
      '  region  string, optional, default "eu", one of "eu", "us"',
    ])
      expect(ran.stdout).toContain(line.replace("  API token", ""));
  });

  it("gives the same as JSON", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    expect(json(await run(["show", "weather.yaml", "--format", "json"], { cwd }))).toMatchObject({
      slug: "weather-desk",
      operations: [
        {
          operation_id: "list_readings",
          method: "GET",
          parameters: [{ name: "station", location: "query", required: true }, {}, {}, {}],
          outputs: [{ name: "readings", required: true }, { name: "next" }],
        },
        { operation_id: "add_reading", method: "POST" },
      ],
      profiles: [{ profile_id: "api_key", checkable: true, fields: [{ key: "api_token", secret: true }] }],
      settings: [
        { key: "region", default: "eu", required: false },
        { key: "base_url", required: true },
      ],
    });
  });

  it("marks settings that a URL implies", async () => {
    const text = weather
      .replace(/connection_config:[\s\S]*?authentication:/, "authentication:")
      .replaceAll("{base_url}/{region}", "https://{domain}.example.net")
      .replace("{base_url}/me", "https://{domain}.example.net/me");
    const cwd = await folderWith({ "weather.yaml": text });
    expect(json(await run(["show", "weather.yaml", "--format", "json"], { cwd }))).toMatchObject({
      settings: [{ key: "domain", implied: true, required: true }],
    });
  });

  it("asks which one is meant where a file holds several", async () => {
    const cwd = await folderWith({
      "two.yaml": `${weather}---\n${weather.replace("weather-desk", "other-desk")}`,
    });
    expect(await run(["show", "two.yaml"], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("two.yaml#weather-desk, two.yaml#other-desk"),
    });
    expect((await run(["show", "two.yaml#other-desk"], { cwd })).stdout).toContain("other-desk");
  });

  it("ends with 2 on a descriptor that is not there", async () => {
    expect(await run(["show", "nowhere.yaml"], { cwd: await folderWith({}) })).toMatchObject({
      code: 2,
      stdout: "",
    });
  });
});
