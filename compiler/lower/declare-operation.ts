import type { ParameterLocation } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import { fieldType } from "./declare-fields.ts";
import type { DeclaredOperation, DeclaredParameter } from "./declared.ts";
import { type IsOpen, isLost } from "./openness.ts";

export function declareOperation(at: Cursor, isOpen: IsOpen, broken: ReadonlySet<string>): DeclaredOperation {
  const parameters = at.at("parameters").items().flatMap(declareParameter);
  return {
    id: at.at("operation_id").string() ?? "",
    at,
    parameters,
    open:
      isOpen(at.at("parameters"), "name") ||
      isLost(at, "parameters", broken) ||
      parameters.length < at.at("parameters").items().length,
  };
}

const locations: readonly string[] = ["query", "path", "header", "body", "cookie"];

function declareParameter(at: Cursor): DeclaredParameter[] {
  const name = at.at("name").string();
  const location = at.at("location").string();
  if (name === undefined || location === undefined || !isLocation(location)) return [];
  return [
    {
      name,
      location,
      type: fieldType(at.at("field_type").string()),
      required: location === "path" || at.at("required").boolean() === true,
      hasDefault: at.has("default_value"),
      at,
    },
  ];
}

function isLocation(location: string): location is ParameterLocation {
  return locations.includes(location);
}
