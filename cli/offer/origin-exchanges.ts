import { carriedBy } from "../../compiler/check/flow/passage.ts";
import type {
  BodyNode,
  Connector,
  Entry,
  Exchange,
  Placement,
  Profile,
  Step,
  Template,
  UrlOrigin,
  ValueSymbol,
} from "../../schema/ir.ts";
import type { Sender } from "./origins.ts";
import { templateText } from "./template-text.ts";

/** A request that is made with the credentials of a profile: where it goes, and what it carries there. */
export interface OriginExchange {
  readonly origin: string;
  /** The holes of the origin, where it has some. */
  readonly template?: Template;
  readonly sender: Sender | { readonly kind: "operation"; readonly id: string };
  readonly carries: readonly ValueSymbol[];
}

/** The requests of a profile in their order: its chain or token call, its test, its operations. */
export function originExchanges(profile: Profile, ir: Connector): OriginExchange[] {
  const { source, test } = profile;
  const steps = source.kind === "chain" || source.kind === "oauth2" ? source.steps : [];
  return [
    ...steps.map(({ name, exchange }) => ({
      ...originOf(exchange.url.origin),
      sender:
        source.kind === "chain"
          ? ({ kind: "step", chain: source.chain, step: name } as const)
          : ({ kind: "token" } as const),
      carries: carriedIn(exchange),
    })),
    ...tokenCalls(profile),
    ...(test
      ? [
          {
            ...originOf(test.exchange.url.origin),
            sender: { kind: "test" } as const,
            carries: [...carriedIn(test.exchange), ...carriedByPlacement(test.placement)],
          },
        ]
      : []),
    ...ir.operations.flatMap((operation) => {
      const placement = operation.auth.find((auth) => auth.profile === profile.id)?.placement;
      return placement
        ? [
            {
              ...originOf(operation.exchange.url.origin),
              sender: { kind: "operation", id: operation.id } as const,
              carries: [...carriedIn(operation.exchange), ...carriedByPlacement(placement)],
            },
          ]
        : [];
    }),
  ];
}

/** The calls that a refresh token, or the end of a login, brings about. */
function tokenCalls({ source, login }: Profile): OriginExchange[] {
  const refresh = source.kind === "oauth2" && source.refresh ? [source.refresh] : [];
  const logins = login?.kind === "oauth1" ? [login.request, login.access] : login ? [login.exchange] : [];
  return [
    ...logins.map((step) => tokenCall(step, "token")),
    ...refresh.map((step) => tokenCall(step, "refresh")),
  ];
}

function tokenCall({ exchange }: Step, kind: "token" | "refresh"): OriginExchange {
  return { ...originOf(exchange.url.origin), sender: { kind }, carries: carriedIn(exchange) };
}

function originOf(origin: UrlOrigin): { readonly origin: string; readonly template?: Template } {
  switch (origin.kind) {
    case "literal":
      return { origin: origin.origin };
    case "host":
      return { origin: `${origin.scheme}://${templateText(origin.authority)}`, template: origin.authority };
    case "base":
      return { origin: templateText(origin.base), template: origin.base };
  }
}

function carriedIn({ url, query, headers, cookies, body }: Exchange): ValueSymbol[] {
  return [
    ...sent(url.path),
    ...[...query, ...headers, ...cookies].flatMap(carriedByEntry),
    ...(body ? carriedByBody(body.root) : []),
  ];
}

function carriedByPlacement({ headers, query, cookies }: Placement): ValueSymbol[] {
  return [...headers, ...query, ...cookies].flatMap(carriedByEntry);
}

function carriedByEntry(entry: Entry): ValueSymbol[] {
  return entry.kind === "template" ? sent(entry.value) : [];
}

function carriedByBody(node: BodyNode): ValueSymbol[] {
  switch (node.kind) {
    case "literal":
      return [];
    case "template":
      return sent(node.template);
    case "value":
      return sent({ parts: [node.hole] });
    case "object":
      return node.entries.flatMap(({ value }) => carriedByBody(value));
    case "list":
      return node.items.flatMap(carriedByBody);
  }
}

/** The values that a template gives away: a signature gives none. */
function sent(template: Template): ValueSymbol[] {
  return carriedBy(template).flatMap(({ form, symbol }) => (form === "signed" ? [] : symbol));
}
