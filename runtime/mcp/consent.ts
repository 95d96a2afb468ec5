import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { unseen } from "../../schema/language/unseen.ts";
import type { Parameters } from "../connection/connection.ts";
import type { Clock, Random } from "../ports.ts";
import { hashOf, type Sealer, type SealSubject } from "./seal.ts";
import type { ServedTool } from "./tool-set.ts";

/** What a request brings of a question that an earlier one was answered with (MCP 2026-07-28, multi round-trip requests). */
export interface ConsentRound {
  readonly state: string | undefined;
  readonly responses: Record<string, unknown> | undefined;
}

/** The call that consent is asked for. */
export interface ConsentSubject {
  readonly tool: ServedTool;
  readonly parameters: Parameters;
  readonly tenant: string;
}

/** Thrown where the user is to be asked first: the client brings the answer with the same call once more. */
export class ConsentNeeded extends Error {
  readonly question: InputRequiredResult;

  constructor(question: InputRequiredResult) {
    super("The user is to be asked first.");
    this.question = question;
  }
}

const id = "consent";
/** Characters of an argument that are shown to the person who is asked. */
const mostShown = 300;

/** Undefined where the client cannot ask its user by a form. */
export function consentRound(context: ServerContext, server: Server): ConsentRound | undefined {
  const { envelope, requestState, inputResponses } = context.mcpReq;
  // A request of 2026-07-28 says what its client can; before, it was said once for the connection.
  const declared: Readonly<Record<string, unknown>> | undefined = envelope;
  const can = declared ? declared[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  if (!canShowForms(can)) return undefined;
  return { state: requestState<string>(), responses: inputResponses };
}

/** A client that says nothing of modes has forms (MCP 2025-11-25, elicitation, capabilities). */
export function canShowForms(capabilities: unknown): boolean {
  if (typeof capabilities !== "object" || capabilities === null || !("elicitation" in capabilities))
    return false;
  const { elicitation } = capabilities;
  return (
    typeof elicitation === "object" &&
    elicitation !== null &&
    ("form" in elicitation || !("url" in elicitation))
  );
}

/** Asks for consent and reads it: each counts for the one call that it was asked for, once. */
export class Consents {
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #lifeMs: number;
  /** Questions that were answered, with the time at which their seals end. */
  readonly #answered = new Map<string, number>();

  constructor(sealer: Sealer, clock: Clock, random: Random, lifeMs: number) {
    this.#sealer = sealer;
    this.#clock = clock;
    this.#random = random;
    this.#lifeMs = lifeMs;
  }

  /** What the user said. Throws `ConsentNeeded` where that was not asked yet, or the answer is of another call, too old, or used. */
  read({ state, responses }: ConsentRound, subject: ConsentSubject): boolean {
    const sealed = sealSubject(subject);
    const question = state === undefined ? undefined : this.#sealer.open(sealed, state);
    const response = inputResponse(responses, id);
    if (typeof question !== "string" || response.kind !== "elicit" || !this.#spend(question))
      throw new ConsentNeeded(
        inputRequired({
          requestState: this.#sealer.seal(sealed, this.#random.uuid()),
          inputRequests: { [id]: inputRequired.elicit(questionOf(subject)) },
        }),
      );
    return response.action === "accept" && response.content?.consent === true;
  }

  #spend(question: string): boolean {
    const now = this.#clock.now();
    // In the order in which they end: a life is the same for all.
    for (const [old, ends] of this.#answered) {
      if (ends > now) break;
      this.#answered.delete(old);
    }
    if (this.#answered.has(question)) return false;
    this.#answered.set(question, now + this.#lifeMs);
    return true;
  }
}

function sealSubject({ tool, parameters, tenant }: ConsentSubject): SealSubject {
  return { tenant, name: `consent/${tool.connector.slug}/${tool.text.name}`, hash: hashOf(parameters) };
}

function questionOf({ tool, parameters }: ConsentSubject) {
  const lines = tool.definition.arguments
    .filter(({ parameter }) => Object.hasOwn(parameters, parameter.name))
    .map(({ name, parameter }) => `${name}: ${shown(parameters[parameter.name])}`);
  return {
    message: [`${tool.text.title} (${tool.text.name})`, ...lines].join("\n"),
    requestedSchema: {
      type: "object" as const,
      properties: { consent: { type: "boolean" as const, title: "Do it", default: false } },
      required: ["consent"],
    },
  };
}

/** On one line, and nothing in it that the eye would not see. */
function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = JSON.stringify(value).replace(
    unseen,
    (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`,
  );
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}… (${text.length} characters in all)`;
}
