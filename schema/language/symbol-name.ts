import type { ValueSymbol } from "../exchange.ts";

/** A value's name as people know it: of a parameter, a setting, a field, an extract. */
export function symbolName(symbol: ValueSymbol): string {
  switch (symbol.kind) {
    case "parameter":
    case "extract":
    case "oauth":
    case "grant":
      return symbol.name;
    case "setting":
    case "credential":
      return symbol.key;
    case "token":
      return "token";
    case "request":
      return symbol.part;
  }
}
