import { expect, test } from "vitest";
import { line, operation } from "../../support/line.ts";

const parameters = `
parameters:
  - { name: title, location: body, required: true }
  - { name: parent, location: body, body_path: fields.parent.key }
  - { name: labels, location: body, field_type: array, body_path: fields.labels }
  - { name: note, location: body }
`;

async function sent(
  fields: string,
  given: Record<string, unknown>,
): Promise<{ json: unknown; text: string }> {
  const { connection, server, close } = await line(operation(`endpoint: /things\nmethod: POST\n${fields}`), {
    "POST /things": { json: {} },
  });
  try {
    await connection.call("op", given);
    const [request] = server.requests;
    return { json: request?.json, text: request?.text ?? "" };
  } finally {
    await close();
  }
}

test("body parameters stand at their path, with their types", async () => {
  const { json } = await sent(parameters, { title: "a", parent: "P-1", labels: ["x", "y"], note: null });
  expect(json).toEqual({ title: "a", fields: { parent: { key: "P-1" }, labels: ["x", "y"] }, note: null });
});

test("objects that were only made for absent parameters go with them", async () => {
  expect((await sent(parameters, { title: "a" })).json).toEqual({ title: "a" });
  expect((await sent(parameters, { title: "a", labels: [] })).json).toEqual({
    title: "a",
    fields: { labels: [] },
  });
});

test("an object that the author wrote empty stays, and so does the body itself", async () => {
  const body =
    'body: { options: {}, filter: { note: "{note}" }, list: ["{note}", 1] }\nparameters: [{ name: note, location: body }]';
  expect((await sent(body, {})).json).toEqual({ options: {}, list: [1] });
  expect((await sent("parameters: [{ name: note, location: body }]", {})).json).toEqual({});
});

test("a text body keeps its shape whatever the values hold", async () => {
  const body =
    'content_type: text/plain\nbody: "note={note};"\nparameters: [{ name: note, location: body, required: true }]';
  expect((await sent(body, { note: "{x}&a=b\n" })).text).toBe("note={x}&a=b\n;");
});
