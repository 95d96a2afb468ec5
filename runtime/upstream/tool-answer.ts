/** The answer of `tools/call`: a result of JSON-RPC that holds the tool's own. */
import type { JsonObject } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { ReceivedAnswer } from "../request/received-answer.ts";
import type { Received } from "../request/send.ts";
import { invalidResponse } from "../response/invalid.ts";
import { parseJson } from "../response/json-text.ts";
import { clean } from "../response/mine-error.ts";

/** Of a server's own words in a message. */
const maxWords = 500;

/**
 * Reads as the tool's data: `structuredContent`; else its one text, parsed where it is a JSON object or list; else
 * `{ content }` as it came. A failure of the tool or of the protocol is its `fault`.
 */
export class ToolAnswer extends ReceivedAnswer {
  readonly #tool: string;
  #fault: { readonly error: ConnectorError | undefined } | undefined;

  constructor(received: Received, tool: string) {
    super(received);
    this.#tool = tool;
  }

  get fault(): ConnectorError | undefined {
    if (this.#fault === undefined) {
      this.json();
      this.#fault ??= { error: undefined };
    }
    return this.#fault.error;
  }

  protected override read(): unknown {
    const message = super.read();
    if (this.status < 200 || this.status > 299) return message;
    if (!isObject(message)) throw invalidResponse("The server's answer is no message of JSON-RPC.");
    const { result, error } = message;
    if (isObject(error)) {
      this.#fail(`the server refused the call of the tool ${this.#tool}`, error.message, {
        server_code: String(error.code),
      });
      return error;
    }
    if (!isObject(result)) throw invalidResponse("The server's answer is no message of JSON-RPC.");
    if (result.resultType === "input_required")
      this.#fault = { error: furtherInput(this.#tool, this.status) };
    const data = dataOf(result);
    if (result.isError === true)
      this.#fail(`the tool ${this.#tool} failed`, typeof data === "string" ? data : wordsOf(result), {});
    return data;
  }

  #fail(what: string, said: unknown, details: JsonObject): void {
    const words = typeof said === "string" ? clean(said, maxWords) : "";
    const error = new ConnectorError({
      code: "upstream_error",
      phase: "response",
      message: `${what}${words === "" ? "" : `: ${words.replace(/[.\s]+$/, "")}`}. Check the parameters.`,
      status: this.status,
      details: { tool: this.#tool, ...details, ...(words === "" ? {} : { server_message: words }) },
    });
    this.#fault = { error };
  }
}

function dataOf(result: JsonObject): unknown {
  if (result.structuredContent !== undefined) return result.structuredContent;
  const content = Array.isArray(result.content) ? result.content : [];
  if (content.length === 0) return null;
  const [only, another] = content;
  if (another !== undefined || !isObject(only) || typeof only.text !== "string") return { content };
  return jsonOf(only.text) ?? only.text;
}

/** What stands in a text that is an object or a list; a text that merely looks like one is a text. */
function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The first text of a failure that has structure besides. */
function wordsOf({ content }: JsonObject): unknown {
  if (!Array.isArray(content)) return undefined;
  const text = content.find((block) => isObject(block) && typeof block.text === "string");
  return isObject(text) ? text.text : undefined;
}

function furtherInput(tool: string, status: number): ConnectorError {
  return new ConnectorError({
    code: "unsupported",
    phase: "response",
    message: `the tool ${tool} asks for further input, which a connector cannot give. Give it all in the parameters.`,
    status,
    details: { tool },
  });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
