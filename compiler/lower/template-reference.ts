import type { Context, ValueSymbol } from "../../schema/ir.ts";
import type { ParsedName } from "../../schema/language/template.ts";
import { spanInScalar } from "../read/scalar.ts";
import type { Pointer, Span } from "../read/tree.ts";
import type { Cursor } from "./cursor.ts";
import type { Owner, Reference, WrittenName } from "./lowering.ts";
import type { Bound } from "./scope.ts";
import type { Place } from "./templates.ts";

/**
 * A name that stands in a template. There may be a hundred thousand of them, and few have something to say: path, span
 * and what was written are worked out when they are asked for.
 */
export class TemplateReference implements Reference {
  readonly symbol: ValueSymbol;
  readonly secret: boolean;
  readonly #text: string;
  readonly #at: Cursor;
  readonly #name: ParsedName;
  readonly #place: Place;

  constructor(
    text: string,
    { symbol, secret }: Pick<Bound, "symbol" | "secret">,
    at: Cursor,
    name: ParsedName,
    place: Place,
  ) {
    this.symbol = symbol;
    this.secret = secret;
    this.#text = text;
    this.#at = at;
    this.#name = name;
    this.#place = place;
  }

  /** Inside a function in a host it counts as standing in the host. */
  get context(): Context {
    return this.#place.host ?? this.#place.context;
  }

  get owner(): Owner {
    return this.#place.owner;
  }

  get section(): string {
    return this.#place.section;
  }

  get path(): Pointer {
    return this.#at.path;
  }

  get span(): Span {
    const { scalar } = this.#at;
    return scalar ? spanInScalar(this.#text, scalar, this.#name.start, this.#name.end) : { start: 0, end: 0 };
  }

  get written(): WrittenName | undefined {
    const { scalar } = this.#at;
    return scalar && { scalar, name: this.#name, scope: this.#place.scope };
  }
}
