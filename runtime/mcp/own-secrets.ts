import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import type { Connection } from "../connection/connection.ts";
import { secretsAtHand } from "../connection/secrets-at-hand.ts";
import { holdsSecret } from "../secrets/holds-secret.ts";
import { createScrubber, type Scrubber } from "../secrets/scrub.ts";
import { reveal, type Secret } from "../secrets/secret.ts";
import type { LinkedBytes } from "./links.ts";

/** Shorter ones are words of ordinary answers, which would be garbled. */
const shortest = 8;

const texts = /^text\/|\b(?:json|xml|yaml|javascript|x-www-form-urlencoded)\b/i;

/**
 * Takes a connection's own credentials out of what a tool answers. APIs exist that repeat the request they got, and whoever
 * writes into what a model reads can have it call them: it must not learn the credentials that it works with.
 */
export class OwnSecrets {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The answer as it is where it holds none, and that is nearly always found out at once. */
  result(result: CallToolResult): CallToolResult {
    const secrets = this.#secrets();
    if (!holdsSecret(JSON.stringify(result), secrets)) return result;
    const scrubber = createScrubber(secrets);
    const { structuredContent, content } = result;
    const structured = clean(structuredContent, scrubber);
    return {
      ...result,
      // The first block is the structure as text (`structuredResult`).
      content: content.map((block, at) =>
        at === 0 ? { type: "text", text: JSON.stringify(structured) } : cleanBlock(block, scrubber),
      ),
      structuredContent: structured,
    };
  }

  /** Bytes that are text. */
  bytes<T extends Omit<LinkedBytes, "uri">>(content: T): T {
    if (!texts.test(content.mimeType)) return content;
    const text = Buffer.from(content.bytes).toString("latin1");
    const secrets = this.#secrets();
    if (!holdsSecret(text, secrets)) return content;
    return { ...content, bytes: Buffer.from(createScrubber(secrets).text(text), "latin1") };
  }

  #secrets(): Secret[] {
    return secretsAtHand(this.#connection).filter((secret) => {
      const value = reveal(secret);
      return typeof value !== "string" || value.length >= shortest;
    });
  }
}

function cleanBlock(block: ContentBlock, { text }: Scrubber): ContentBlock {
  return block.type === "resource" && "text" in block.resource
    ? { ...block, resource: { ...block.resource, text: text(block.resource.text) } }
    : block;
}

/** Keys too: maps of what was sent have names of the sender's. */
function clean(value: unknown, scrubber: Scrubber): unknown {
  if (typeof value === "string") return scrubber.text(value);
  if (Array.isArray(value)) return value.map((item) => clean(item, scrubber));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [scrubber.text(key), clean(item, scrubber)]),
  );
}
