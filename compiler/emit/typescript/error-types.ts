import type { ClientModel } from "./client-model.ts";
import { docComment } from "./comment.ts";
import { stringLiteral } from "./literal.ts";
import { after, atom, union } from "./type-text.ts";

/** The declarations for what a failed call rejects with: the runtime's codes, and those of the descriptor's error rules. */
export function errorTypes({ ir, errorCode, error }: ClientModel): readonly string[] {
  const rules = ir.operations.flatMap(({ errors }) => errors.flatMap(({ code }) => code ?? []));
  const codes = [...new Set(rules)].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const type = union([atom("connectorc.ErrorCode"), ...codes.map((code) => atom(stringLiteral(code)))], "");
  return [
    `${docComment("", ["Codes of failed calls. The list is open: handle an unknown one by `retryable`."])}${after(`export type ${errorCode} =`, type)};\n`,
    `${docComment("", ["What a failed call rejects with."])}export interface ${error} extends connectorc.ConnectorError {\n  readonly code: ${errorCode};\n}\n`,
  ];
}
