/** The schema files that a descriptor refers to. */
import { classifyReference, eachReference, embeddedSchemas } from "../lower/schemas.ts";
import type { Span } from "../read/tree.ts";
import type { Analysis } from "./analysis.ts";
import { withoutQuotes } from "./scalar-offsets.ts";

export interface FileLink {
  readonly span: Span;
  /** As it is written: relative to the descriptor's folder. */
  readonly file: string;
}

export function fileLinks({ text, documents }: Analysis): readonly FileLink[] {
  const links = new Map<number, FileLink>();
  for (const { model } of documents)
    for (const schema of embeddedSchemas(model.declared.root))
      eachReference(schema, (ref, { scalar }) => {
        const reference = classifyReference(ref);
        if (reference.kind !== "file" || !scalar) return;
        const span = withoutQuotes(text, scalar.span);
        links.set(span.start, { span, file: reference.file });
      });
  return [...links.values()];
}
