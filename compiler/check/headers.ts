import type { Cursor } from "../lower/cursor.ts";
import { wireName } from "../lower/entries.ts";
import type { Model } from "../lower/lower.ts";
import type { Pointer } from "../read/tree.ts";

/** A header that a descriptor names. `group` tells which request it belongs to. */
export interface NamedHeader {
  readonly group: string;
  readonly name: string;
  readonly path: Pointer;
  readonly at: "key" | "value";
  readonly value?: Cursor;
}

/** Every request header that the descriptor names: fixed ones, credential ones, parameters. */
export function namedHeaders({ declared }: Model): NamedHeader[] {
  const found: NamedHeader[] = [];
  const map = (at: Cursor, group: string): void => {
    for (const [name, value] of at.entries())
      found.push({ group: `${group}`, name, path: value.path, at: "key", value });
  };
  const owner = (at: Cursor): void => {
    map(at.at("headers"), `${at.path.join("/")} headers`);
    map(at.at("auth_headers"), `${at.path.join("/")} auth`);
  };
  owner(declared.root.at("defaults"));
  for (const { at } of declared.profiles) {
    owner(at);
    owner(at.at("test_endpoint"));
  }
  for (const { steps } of declared.chains) for (const { at } of steps) owner(at);
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
