import type { Cursor } from "../lower/cursor.ts";
import { wireName } from "../lower/entries.ts";
import type { Model } from "../lower/lower.ts";
import { allChains } from "../lower/oauth-after.ts";
import type { Pointer } from "../read/tree.ts";

/** A header that a descriptor names. `group` tells which request it belongs to. */
export interface NamedHeader {
  readonly group: string;
  readonly name: string;
  readonly path: Pointer;
  readonly at: "key" | "value";
  readonly value?: Cursor;
}

const headersOf = new WeakMap<Model, readonly NamedHeader[]>();

/** Every request header that the descriptor names: fixed ones, credential ones, parameters. Gathered once for all rules. */
export function namedHeaders(model: Model): readonly NamedHeader[] {
  const known = headersOf.get(model) ?? gatherHeaders(model);
  headersOf.set(model, known);
  return known;
}

function gatherHeaders({ declared }: Model): NamedHeader[] {
  const found: NamedHeader[] = [];
  const map = (at: Cursor, group: string): void => {
    for (const [name, value] of at.entries()) found.push({ group, name, path: value.path, at: "key", value });
  };
  const owner = (at: Cursor): void => {
    if (at.has("headers")) map(at.at("headers"), `${at.path.join("/")} headers`);
    if (at.has("auth_headers")) map(at.at("auth_headers"), `${at.path.join("/")} auth`);
  };
  owner(declared.root.at("defaults"));
  for (const { at } of declared.profiles) {
    owner(at);
    owner(at.at("test_endpoint"));
  }
  for (const { steps } of allChains(declared)) for (const { at } of steps) owner(at);
  for (const { at, parameters } of declared.operations) {
    owner(at);
    for (const p of parameters.filter(({ location }) => location === "header"))
      found.push({
        group: `${at.path.join("/")} headers`,
        name: wireName(p),
        path: [...p.at.path, p.at.has("wire_name") ? "wire_name" : "name"],
        at: "value",
      });
    const idempotency = at.at("idempotency").at("header");
    const key = idempotency.string();
    if (key !== undefined)
      found.push({
        group: `${at.path.join("/")} idempotency`,
        name: key,
        path: idempotency.path,
        at: "value",
      });
  }
  return found;
}

/** RFC 9110, section 5.6.2. */
export function isToken(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
}

/** Headers in which paging sends its cursor. */
export function sentByPaging({ declared }: Model): Pick<NamedHeader, "name" | "path" | "at">[] {
  const owners = [declared.root.at("defaults"), ...declared.operations.map((operation) => operation.at)];
  return owners.flatMap((owner) => {
    const paging = owner.at("pagination");
    if (paging.at("cursor_location").string() !== "header") return [];
    const cursor = paging.at("cursor_param");
    const name = cursor.string();
    return [
      ...(name === undefined ? [] : [{ name, path: cursor.path, at: "value" as const }]),
      ...paging
        .at("more_cursors")
        .entries()
        .map(([beside, { path }]) => ({ name: beside, path, at: "key" as const })),
    ];
  });
}

/** A name that must be a token though it names no header of a request. */
export interface NamedToken extends Pick<NamedHeader, "name" | "path" | "at"> {
  readonly what: "header" | "cookie";
}

const tokensOf = new WeakMap<Model, readonly NamedToken[]>();

/** Header names that are read from answers or sent by paging, and cookie names: tokens all the same. */
export function otherTokens(model: Model): readonly NamedToken[] {
  const known = tokensOf.get(model) ?? gatherTokens(model);
  tokensOf.set(model, known);
  return known;
}

function gatherTokens({ declared }: Model): NamedToken[] {
  const found: NamedToken[] = [];
  const value = (what: "header" | "cookie", at: Cursor): void => {
    const name = at.string();
    if (name !== undefined) found.push({ what, name, path: at.path, at: "value" });
  };
  const paging = (at: Cursor): void => {
    value("header", at.at("cursor_header"));
    if (at.at("cursor_location").string() !== "header") return;
    value("header", at.at("cursor_param"));
    for (const [name, { path }] of at.at("more_cursors").entries())
      found.push({ what: "header", name, path, at: "key" });
  };
  const matchers = (at: Cursor): void => {
    for (const item of at.itemsOrSelf())
      for (const one of [item, item.at("when")]) value("header", one.at("header").at("name"));
  };
  const cookies = (at: Cursor): void => {
    for (const [name, inner] of at.at("auth_cookies").entries())
      found.push({ what: "cookie", name, path: inner.path, at: "key" });
  };
  for (const { at } of declared.limits) {
    const headers = at.at("response_headers");
    for (const key of ["limit", "remaining", "reset"]) value("header", headers.at(key));
    value("header", headers.at("reset").at("header"));
  }
  for (const step of allChains(declared).flatMap(({ steps }) => steps))
    for (const { at } of step.extracts) {
      value("header", at.at("header"));
      value("cookie", at.at("cookie"));
    }
  for (const { at } of declared.profiles) {
    matchers(at.at("expired_when"));
    cookies(at);
  }
  const defaults = declared.root.at("defaults");
  for (const at of [defaults, ...declared.operations.map((operation) => operation.at)]) {
    if (at.has("pagination")) {
      paging(at.at("pagination"));
      matchers(at.at("pagination").at("stop_when"));
    }
    if (at.has("errors")) matchers(at.at("errors"));
    if (at.has("auth_cookies")) cookies(at);
  }
  for (const { parameters } of declared.operations)
    for (const p of parameters.filter(({ location }) => location === "cookie"))
      found.push({
        what: "cookie",
        name: wireName(p),
        path: [...p.at.path, p.at.has("wire_name") ? "wire_name" : "name"],
        at: "value",
      });
  return found;
}
