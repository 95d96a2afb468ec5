/** The things that a descriptor names, as symbols, each found again by the cursor that declares it. */
import type { Cursor } from "../lower/cursor.ts";
import type { DeclaredChain, DeclaredField, DeclaredProfile } from "../lower/declared.ts";
import type { Lowering } from "../lower/lowering.ts";
import { afterChain, replacing } from "../lower/oauth-after.ts";
import { withInitial } from "../lower/profile.ts";
import { entry, pointerText, type Span } from "../read/tree.ts";
import { withoutQuotes } from "./scalar-offsets.ts";
import type { NamedSymbol, NameForm, Occurrence, SymbolKind } from "./symbols.ts";

/** A list of things with names, to look one up by the place of its declaration. */
export class SymbolTable {
  readonly symbols: NamedSymbol[] = [];
  readonly occurrences: Occurrence[] = [];
  readonly #text: string;
  readonly #byPlace = new Map<string, NamedSymbol>();

  constructor(text: string) {
    this.#text = text;
  }

  get(kind: SymbolKind, at: Cursor, name: string): NamedSymbol | undefined {
    return this.#byPlace.get(placeKey(kind, at, name));
  }

  /** A name that a scalar gives; without one, the scalar `implier` brings it. */
  addNamed(
    kind: SymbolKind,
    at: Cursor,
    name: string,
    given: Cursor,
    implier: Cursor,
    more: More = {},
  ): void {
    const isGiven = given.scalar !== undefined && String(given.scalar.value) === name;
    const scalar = isGiven ? given.scalar : implier.scalar;
    if (!scalar) return;
    const span = withoutQuotes(this.#text, scalar.span);
    this.#add(
      kind,
      at,
      { kind, name, span, path: at.path, implied: !isGiven, ...more },
      formOf(this.#text, scalar.span),
    );
  }

  /** A name that is a key of the map at `map`. */
  addKey(kind: SymbolKind, map: Cursor, name: string, more: More = {}): void {
    const found = entry(map.node, name);
    if (!found) return;
    const span = withoutQuotes(this.#text, found.keySpan);
    const at = map.at(name);
    const symbol = { kind, name, span, path: at.path, implied: false, ...more };
    this.#add(kind, at, symbol, formOf(this.#text, found.keySpan));
  }

  /** A name that its first use declares. */
  addImplied(kind: SymbolKind, at: Cursor, name: string, span: Span): void {
    this.#add(kind, at, { kind, name, span, path: at.path, implied: true }, "hole");
  }

  #add(kind: SymbolKind, at: Cursor, symbol: NamedSymbol, form: NameForm): void {
    const key = placeKey(kind, at, symbol.name);
    if (this.#byPlace.has(key)) return;
    this.#byPlace.set(key, symbol);
    this.symbols.push(symbol);
    if (symbol.implied) return;
    const declaration = {
      span: symbol.span,
      symbols: [symbol],
      role: "declaration",
      form,
      exact: true,
    } as const;
    this.occurrences.push(declaration);
  }
}

interface More {
  readonly owner?: string;
  readonly secret?: boolean;
  readonly fixed?: boolean;
  readonly description?: string;
}

function placeKey(kind: SymbolKind, at: Cursor, name: string): string {
  return `${kind} ${pointerText(at.path)} ${name}`;
}

export function formOf(text: string, span: Span): NameForm {
  const first = text[span.start];
  return first === '"' ? "double" : first === "'" ? "single" : "plain";
}

/** The symbols of everything that the descriptor declares or implies. */
export function declareSymbols(lowering: Lowering): SymbolTable {
  const { declared, text } = lowering;
  const table = new SymbolTable(text);
  for (const field of declared.settings) addField(table, "setting", field, undefined);
  for (const { name, at } of declared.limits)
    if (name !== undefined) table.addNamed("limit", at, name, at.at("name"), at);
  for (const { name } of declared.schemas) table.addKey("schema", declared.root.at("schemas"), name);
  for (const chain of declared.chains) declareChain(table, chain);
  for (const profile of declared.profiles) declareProfile(table, profile, lowering);
  for (const { id, at, parameters } of declared.operations) {
    table.addNamed("operation", at, id, at.at("operation_id"), at, described(at, "summary"));
    for (const { name, at: parameter, type } of parameters)
      table.addNamed("parameter", parameter, name, parameter.at("name"), parameter, {
        owner: id,
        secret: type === "secret" || type === "password",
        ...described(parameter, "description"),
      });
  }
  return table;
}

function declareChain(table: SymbolTable, chain: DeclaredChain): void {
  const { id, at } = chain;
  table.addNamed("chain", at, id, at.at("chain_id"), at, described(at, "description"));
  declareSteps(table, chain, noNames);
}

const noNames: ReadonlySet<string> = new Set();

/** `fixed`: extracts that the language looks for by their names. */
function declareSteps(table: SymbolTable, { id, steps }: DeclaredChain, fixed: ReadonlySet<string>): void {
  for (const step of steps) {
    table.addNamed("step", step.at, step.name, step.at.at("step_name"), step.at.at("endpoint"), {
      owner: id,
    });
    for (const { name } of step.extracts)
      table.addKey("extract", step.at.at("extract"), name, {
        owner: step.name,
        secret: true,
        fixed: fixed.has(name),
      });
  }
}

function declareProfile(table: SymbolTable, profile: DeclaredProfile, lowering: Lowering): void {
  const { at, id } = profile;
  table.addNamed("profile", at, id, at.at("profile_id"), at.at("type"), described(at, "description"));
  for (const field of withInitial(profile, lowering.declared.settings).fields)
    addField(table, "field", field, profile);
  const oauth = at.at("oauth");
  for (const [name] of oauth.at("extract").entries())
    table.addKey("oauth value", oauth.at("extract"), name, { owner: id });
  declareSteps(table, afterChain(profile), replacing);
  for (const scope of oauth.at("scopes").items()) {
    const given = scope.scalar ? scope : scope.at("name");
    const name = given.string();
    if (name !== undefined) table.addNamed("scope", scope, name, given, given, { owner: id });
  }
}

/** A field stands where it declares its key, in a chain's list of initial credentials, or nowhere: its profile's type brings it. */
function addField(
  table: SymbolTable,
  kind: "field" | "setting",
  { key, at, secret }: DeclaredField,
  profile: DeclaredProfile | undefined,
): void {
  const given = at.scalar ? at : at.at("key");
  const owned = profile ? { owner: profile.id, fixed: hasMeaning(key, profile) } : {};
  const more = { secret, ...described(at, "description"), ...owned };
  table.addNamed(kind, at, key, given, profile ? profile.at.at("type") : at.at("key"), more);
}

/** Fields that a type takes by their names where nothing says otherwise; a chain says otherwise. */
function hasMeaning(key: string, { type, chain }: DeclaredProfile): boolean {
  if (type.startsWith("oauth2_") || type === "service_account")
    return [
      "access_token",
      "refresh_token",
      "expires_at",
      "client_id",
      "client_secret",
      "service_account_json",
    ].includes(key);
  return (
    chain === undefined && (Object.hasOwn(namedFields, type) ? (namedFields[type] ?? []) : []).includes(key)
  );
}

const namedFields: { readonly [type: string]: readonly string[] } = {
  basic: ["username", "password"],
  digest: ["username", "password"],
  wsse: ["username", "password"],
  bearer: ["token"],
  oauth1: ["consumer_key", "consumer_secret", "token", "token_secret"],
  aws_sigv4: ["access_key_id", "secret_access_key", "session_token"],
};

function described(at: Cursor, key: string): { readonly description?: string } {
  const description = at.at(key).string();
  return description === undefined ? {} : { description };
}
