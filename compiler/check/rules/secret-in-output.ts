import { parsePlainPath } from "../../../schema/language/jsonpath.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredOperation, DeclaredProfile } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import { type ProfileExchange, signInsOf } from "../flow/exchanges.ts";
import { type Flow, flowOf } from "../flow/flow.ts";
import type { Hop } from "../flow/hops.ts";
import { isCredentialName } from "../flow/names.ts";
import { eachProperty, propertyAt } from "../flow/schema-walk.ts";
import type { Rule } from "../rule.ts";

type Tell = (finding: Parameters<Parameters<Rule["check"]>[1]>[0]) => void;

export const secretInOutput: Rule = {
  id: "secret/in-output",
  severity: "warning",
  summary: "An operation whose answer hands a credential to its caller, or to the agent that calls its tool.",
  check: (model, report) => {
    const flow = flowOf(model);
    const told = new Set<string>();
    const tell: Tell = (finding) => {
      const id = `${finding.path.join("/")} ${finding.at ?? ""}`;
      if (!told.has(id)) report(finding);
      told.add(id);
    };
    const calls = credentialCalls(model);
    for (const { declared, operation, profiles } of model.operations) {
      const endpoint = calls.size > 0 ? flow.siteOf(declared.at.at("endpoint")) : undefined;
      const call = endpoint && calls.get(`${operation?.exchange.method} ${endpoint.url}`);
      if (call) tellCall(declared, call, model, tell);
      else if (declared.at.has("response_schema")) {
        for (const profile of profiles) tellExtracts(declared, profile, model, flow, tell);
        tellTool(declared, model, tell);
      }
    }
  },
};

/** The requests that bring credentials, by method and URL. */
function credentialCalls(model: Model): ReadonlyMap<string, ProfileExchange> {
  const calls = model.profiles
    .filter(({ declared }) => declared.chain || declared.at.has("oauth"))
    .flatMap((profile) => signInsOf(profile, model, flowOf(model).siteOf));
  return new Map(calls.map((call) => [`${call.method} ${call.url}`, call]));
}

/** The operation makes the very call that signs in. */
function tellCall({ id, at }: DeclaredOperation, call: ProfileExchange, model: Model, tell: Tell): void {
  const flow = flowOf(model);
  const names = call.from
    .at("extract")
    .entries()
    .filter(([name]) => flow.isSecret({ kind: "extract", step: stepName(call.from), name }, call.owner));
  if (call.kind === "step" && names.length === 0) return;
  tell({
    path: at.at("endpoint").path,
    message: `The answer of \`${id}\` is the one that ${call.what} takes a credential from: a call hands it to the caller.`,
    label: "the same request as an operation",
    help: "Remove the operation: the runtime signs in by itself, and keeps what it gets to itself.",
    related: [
      {
        path: call.from.at(call.kind === "step" ? "endpoint" : "token_url").path,
        message: `${call.what} asks for it here`,
      },
      ...names.map(
        ([name, extract]): Hop => ({
          path: extract.path,
          at: "key",
          message: `\`${name}\` is taken from the answer here`,
        }),
      ),
      ...toolOf(id, model),
    ],
  });
}

function stepName(step: Cursor): string {
  return step.at("step_name").string() ?? `step_${Number(step.path.at(-1)) + 1}`;
}

/** A property of the answer that stands where the chain finds its credential, under a name that says so. */
function tellExtracts(
  { id, at }: DeclaredOperation,
  { id: profile, chain }: DeclaredProfile,
  model: Model,
  flow: Flow,
  tell: Tell,
): void {
  for (const step of chain?.steps ?? [])
    for (const extract of step.extracts) {
      const names = (parsePlainPath(extract.at.string() ?? "") ?? []).filter(
        (part) => typeof part === "string",
      );
      const symbol = { kind: "extract", step: step.name, name: extract.name } as const;
      const owner = { kind: "profile", id: profile } as const;
      // `$.token` alone may be the token of anything: of a device, of a next page.
      if (names.length === 0 || (names.length === 1 && !isCredentialName(names[0] ?? ""))) continue;
      if (!flow.isSecret(symbol, owner)) continue;
      const property = propertyAt(at.at("response_schema"), names, model.declared);
      if (property)
        tell({
          path: property.path,
          at: "key",
          message: `\`${id}\` answers with \`${names.join(".")}\`, which is where the chain finds its credential.`,
          label: "handed to the caller here",
          help: "Leave it out of what the operation returns, or give the operation another endpoint.",
          related: [...flow.hopsTo(symbol, owner), ...toolOf(id, model)],
        });
    }
}

/** What an agent's tool answers with goes into the model's context, and from there anywhere. */
function tellTool({ id, at }: DeclaredOperation, model: Model, tell: Tell): void {
  const tool = toolOf(id, model);
  if (tool.length === 0) return;
  eachProperty(at.at("response_schema"), model.declared, ({ name, at: property }) => {
    const type = property.at("type").string();
    const marked = property.at("format").string() === "password";
    if ((type !== undefined && type !== "string") || !(marked || isCredentialName(name))) return;
    tell({
      path: property.path,
      at: "key",
      message: `\`${name}\` looks like a credential, and a tool shows it to an agent.`,
      label: "part of the tool's answer",
      help: "Offer an operation without it as a tool; `response.records_path` can narrow what a call returns.",
      related: [...tool],
    });
  });
}

function toolOf(operation: string, { declared }: Model): readonly Hop[] {
  if (declared.root.at("mcp_config").at("enabled").boolean() !== true) return [];
  const tool = declared.tools.find((one) => one.operation === operation);
  return tool
    ? [{ path: [...tool.at.path, "operation_id"], message: "an agent's tool calls the operation here" }]
    : [];
}
