import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { onTestFinished } from "vitest";
import { createGate, type Receipt, readPolicy } from "../../../runtime/gate/index.ts";
import type { Routes } from "../../../runtime/testing/index.ts";
import { descriptor } from "../../support/line.ts";
import { offered, type Stage, type StageOptions, stage } from "./support.ts";

const writing = `${descriptor(`operations:
  - operation_id: close
    endpoint: "/tickets/{id}/close"
    method: POST
    summary: Close a ticket
    auth_type_ref: none
    tags: [tickets]
    parameters: [{ name: id, location: path, required: true }]`)}${offered}`;
const routes: Routes = {
  "* /tickets/7/close": { json: { closed: 7 } },
  "* /tickets/8/close": { json: { closed: 8 } },
};

/** A stage whose tool `close` stands behind a policy. */
export interface Guarded extends Stage {
  readonly receipts: Receipt[];
  decisions(): readonly string[];
}

export async function guarded(rules: readonly object[], options: StageOptions = {}): Promise<Guarded> {
  const receipts: Receipt[] = [];
  const gate = createGate({
    policy: readPolicy({ policy_version: 1, rules }),
    receipts: (receipt) => void receipts.push(receipt),
  });
  const made = await stage(writing, routes, { ...options, server: { ...options.server, gate } });
  const decisions = () =>
    receipts.filter(({ event }) => event === "decision").map(({ decision }) => decision);
  return { ...made, receipts, decisions };
}

/** A client whose user answers questions; it hears them. */
export function clientThat(answer: object, heard: string[], mode: "auto" | "legacy" = "auto"): Client {
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  client.setRequestHandler("elicitation/create", ({ params }) => {
    heard.push(params.message);
    return { action: "accept" as const, ...answer };
  });
  return client;
}

/** The same, connected over HTTP. */
export async function asking(
  url: string,
  answer: object,
  heard: string[] = [],
  mode: "auto" | "legacy" = "auto",
): Promise<Client> {
  const client = clientThat(answer, heard, mode);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  onTestFinished(() => client.close());
  return client;
}
