import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { desk, deskWith } from "../../compiler/language-service/support.ts";
import { folderWith } from "../support.ts";
import { applyEdits, editsOf, startClient } from "./client.ts";

const uri = "file:///work/desk/connector.yaml";

describe("requests of an editor", () => {
  it("are told of before: what the server can do", async () => {
    const { initialized } = await startClient(undefined);
    expect(initialized.serverInfo?.name).toBe("connector");
    expect(initialized.capabilities).toMatchObject({
      positionEncoding: "utf-16",
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      codeActionProvider: { codeActionKinds: ["quickfix", "source.fixAll.connector"] },
    });
  });

  it("answer hover with Markdown and the range of the hole", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("{ticket_id}", "{ticket‸_id}"));
    const hover = await client.request<{ contents: unknown; range: unknown }>(
      "textDocument/hover",
      client.at(uri),
    );
    expect(hover.contents).toMatchObject({
      kind: "markdown",
      value: expect.stringContaining("of the operation `get_ticket`"),
    });
    expect(hover.range).toEqual({ start: { line: 98, character: 24 }, end: { line: 98, character: 35 } });
  });

  it("answer hover without Markdown where the editor shows texts as they are", async () => {
    const client = await startClient(undefined, {
      textDocument: { hover: { contentFormat: ["plaintext"] } },
    });
    await client.open(uri, deskWith("{ticket_id}", "{ticket‸_id}"));
    const hover = await client.request<{ contents: unknown }>("textDocument/hover", client.at(uri));
    expect(hover.contents).toMatchObject({
      kind: "plaintext",
      value: expect.stringContaining("of the operation get_ticket."),
    });
  });

  it("answer hover in a large document from the last text that was judged", async () => {
    const client = await startClient(undefined);
    const uri = "untitled:large.yaml";
    const operations = Array.from(
      { length: 1500 },
      (_, index) =>
        `  - operation_id: read_${index}\n    endpoint: /things/${index}\n    summary: Read a thing\n    auth_type_ref: api_key\n`,
    ).join("");
    const text = desk.replace("rate_limits:\n", () => `${operations}rate_limits:\n`);
    await client.open(uri, text, "yaml");
    await client.diagnostics(uri);
    const changed = text.replace("name: Desk", "name: Front desk");
    await client.change(uri, changed);
    const line = changed.split("\n").findIndex((one) => one.includes("base64("));
    const position = { line, character: (changed.split("\n")[line] ?? "").indexOf("{email}") + 1 };
    const first = await Promise.race([
      client.request<{ contents: unknown; range?: { start: unknown } } | null>("textDocument/hover", {
        textDocument: { uri },
        position,
      }),
      client.diagnostics(uri).then(() => undefined),
    ]);
    expect(first?.range?.start).toEqual({ line, character: position.character - 1 });
    expect(JSON.stringify(first?.contents)).toContain("email");
  });

  it("complete half a line, with a snippet that replaces what was typed", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("    cost: 2\n", "    pagi‸\n"));
    const item = (await client.completions(uri)).find(({ label }) => label === "pagination");
    expect(item).toMatchObject({
      insertTextFormat: 2,
      insertTextMode: 1,
      textEdit: {
        range: { start: { character: 4 }, end: { character: 8 } },
        newText: expect.stringContaining("pagination:"),
      },
    });
  });

  it("lead from a name to its declaration and to all its places", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("[api_key, login]", "[api_key, log‸in]"));
    const [definition] = await client.request<{ range: { start: { line: number } } }[]>(
      "textDocument/definition",
      client.at(uri),
    );
    expect(client.textOf(uri).split("\n")[definition?.range.start.line ?? 0]).toContain("profile_id: login");
    const params = { ...client.at(uri), context: { includeDeclaration: true } };
    expect(await client.request("textDocument/references", params)).toHaveLength(2);
    expect(await client.request("textDocument/documentHighlight", client.at(uri))).toMatchObject([
      { kind: 3 },
      { kind: 2 },
    ]);
  });

  it("rename in one edit, and refuse with a sentence", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("{session_id}", "{session‸_id}"));
    expect(await client.request("textDocument/prepareRename", client.at(uri))).toMatchObject({
      placeholder: "session_id",
    });
    const edit = await client.request<{ changes: never }>("textDocument/rename", {
      ...client.at(uri),
      newName: "sid",
    });
    expect(applyEdits(client.textOf(uri), editsOf(edit, uri))).toBe(desk.replaceAll("session_id", "sid"));
    await expect(
      client.request("textDocument/rename", { ...client.at(uri), newName: "a b" }),
    ).rejects.toThrow("'a b' is no name of an extract");
  });

  it("list the outline, folds and signatures", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("{base64({email}:{api_key})}", "{base64({email}:{api_key}‸)}"));
    const { textDocument } = client.at(uri);
    const symbols = await client.request<{ name: string }[]>("textDocument/documentSymbol", { textDocument });
    expect(symbols.map(({ name }) => name)).toContain("operations");
    expect(await client.request<unknown[]>("textDocument/foldingRange", { textDocument })).not.toEqual([]);
    expect(await client.request("textDocument/signatureHelp", client.at(uri))).toMatchObject({
      signatures: [{ label: "base64(value)" }],
    });
  });
});

describe("code actions", () => {
  it("offer a guess that is not preferred", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("rate_limit_scope: reads", "rate_limit_scope: rea‸d"));
    const guess = (await client.actions(uri)).find(({ title }) => title === "Write `reads`");
    expect(guess?.isPreferred).toBeUndefined();
    expect(applyEdits(client.textOf(uri), editsOf(guess?.edit, uri))).toBe(desk);
  });

  it("offer an ignore comment, with a reason to give, that is obeyed", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("  - key: region\n", "  - key: spa‸re\n  - key: region\n"));
    const [ignore] = (await client.actions(uri)).filter(({ title }) =>
      title.startsWith("Ignore setting/unused"),
    );
    const text = applyEdits(client.textOf(uri), editsOf(ignore?.edit, uri));
    expect(text).toContain(
      "  # connector-ignore setting/unused: say why this is right here\n  - key: spare\n",
    );
    await client.change(uri, text);
    expect(await client.diagnostics(uri)).toEqual([]);
  });

  it("prefer a mend that is certain, and make all of them on request", async () => {
    const client = await startClient(undefined);
    await client.open(
      uri,
      deskWith("    summary: Create a ticket", "    summ‸ry: Create a ticket").replace(
        "    method: POST",
        "    metod: POST",
      ),
    );
    const [mend] = (await client.actions(uri)).filter(({ isPreferred }) => isPreferred);
    expect(applyEdits(client.textOf(uri), editsOf(mend?.edit, uri))).toContain(
      "    summary: Create a ticket",
    );
    expect(await client.actions(uri, { only: ["refactor"] })).toEqual([]);
    const [all] = await client.actions(uri, { only: ["source.fixAll"] });
    expect(all?.kind).toBe("source.fixAll.connector");
    expect(applyEdits(client.textOf(uri), editsOf(all?.edit, uri))).toContain("    summary: Create a ticket");
  });

  it("offer no ignore comment for what cannot be compiled", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("cost: 2", "cost: tw‸o"));
    expect((await client.actions(uri)).filter(({ title }) => title.startsWith("Ignore"))).toEqual([]);
  });
});

describe("a server that lasts", () => {
  const hostile: readonly [string, string][] = [
    ["100,000 levels", `metadata: ${"[".repeat(100_000)}\noperations: []\n`],
    [
      "100,000 levels of blocks",
      `metadata: 1\noperations:\n${Array.from({ length: 3000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")}`,
    ],
    [
      "an alias bomb",
      `metadata: &a [x]\noperations:\n  - &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n${"bcdefghi"
        .split("")
        .map((name, at, all) => `  - &${all[at + 1] ?? "z"} [${`*${name}, `.repeat(9)}*${name}]`)
        .join("\n")}\n`,
    ],
    ["NUL", 'metadata: { name: "a\0b" }\noperations: []\n'],
    ["half a surrogate pair", 'metadata: { name: "a\ud800b" }\noperations: []\n'],
    ["a name of JavaScript", "metadata: { __proto__: { a: 1 }, constructor: 2 }\noperations: []\n"],
    ["nothing", ""],
  ];

  it.each(hostile)("answers everything about a document of %s", async (_what, text) => {
    const client = await startClient(undefined);
    await client.open(uri, `${text.slice(0, 12)}‸${text.slice(12)}`);
    const { textDocument, position } = client.at(uri);
    await client.diagnostics(uri);
    const asked: [string, object][] = [
      ["hover", {}],
      ["completion", {}],
      ["definition", {}],
      ["references", { context: { includeDeclaration: true } }],
      ["documentSymbol", {}],
      ["foldingRange", {}],
      ["documentLink", {}],
      ["codeAction", { range: { start: position, end: position }, context: { diagnostics: [] } }],
    ];
    for (const [method, more] of asked)
      await expect(
        client.request(`textDocument/${method}`, { textDocument, position, ...more }),
      ).resolves.not.toThrow();
  });

  it.each([
    "http://[bad/connector.yaml",
    "file:///tmp/%00/connector.yaml",
    "file:///c%3A/desk/connector.yaml",
    "::",
  ])("are answered for a document at %s", async (odd) => {
    const client = await startClient(undefined);
    await client.open(odd, deskWith("auth_type_ref: oauth2_client_credentials", "auth_type_ref: nobody"));
    expect(await client.diagnostics(odd)).toMatchObject([{ code: "reference/unknown-profile" }]);
  });

  it("answers on for positions that are none and documents that are not open", async () => {
    const client = await startClient(undefined);
    await client.open(uri, `‸${desk}`);
    const { textDocument } = client.at(uri);
    const position = { line: 99_999, character: 99_999 };
    await client.request("textDocument/hover", { textDocument, position });
    await client.request("textDocument/completion", { textDocument, position });
    expect(
      await client.request("textDocument/hover", { textDocument: { uri: "file:///none.yaml" }, position }),
    ).toBeNull();
    await client.open("untitled:Untitled-1", `‸${desk}`);
    expect(await client.diagnostics("untitled:Untitled-1")).toEqual([]);
    await client.open("file://host/share/connector.yaml", `‸${desk}`);
    expect(await client.diagnostics("file://host/share/connector.yaml")).toEqual([]);
  });

  it("gives up a request that is cancelled", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith("{ticket_id}", "{ticket‸_id}"));
    const { CancellationTokenSource } = await import("vscode-languageserver-protocol/node");
    const source = new CancellationTokenSource();
    const hover = client.connection.sendRequest("textDocument/hover", client.at(uri), source.token);
    source.cancel();
    await expect(hover).rejects.toMatchObject({ code: -32800 });
    expect(await client.request("textDocument/hover", client.at(uri))).not.toBeNull();
  });

  it("ends with 0 after shutdown and exit, with 1 without", async () => {
    const polite = await startClient(undefined);
    await polite.request("shutdown", undefined);
    await polite.connection.sendNotification("exit");
    expect(await polite.ended).toBe(0);
    const rude = await startClient(undefined);
    await rude.connection.sendNotification("exit");
    expect(await rude.ended).toBe(1);
  });

  it("offers no snippets to a client that knows none", async () => {
    const folder = await folderWith({ "connector.yaml": desk });
    const client = await startClient(folder, {});
    const at = pathToFileURL(join(folder, "connector.yaml")).href;
    await client.open(at, deskWith("    cost: 2\n", "    pagi‸\n"));
    const items = await client.completions(at);
    expect(items.length).toBeGreaterThan(0);
    expect(
      items.every(
        ({ insertTextFormat, textEdit }) => insertTextFormat === 1 && !textEdit?.newText.includes("$"),
      ),
    ).toBe(true);
  });
});
