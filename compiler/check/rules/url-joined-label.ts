import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredField } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import { isHostContext } from "../../lower/scope.ts";
import { hostPlaceAt } from "../flow/bounds.ts";
import type { Rule } from "../rule.ts";

export const urlJoinedLabel: Rule = {
  id: "url/joined-label",
  severity: "warning",
  summary: "A value in a host that runs into the word behind it, with no dot or hyphen between them.",
  check: (model, report) => {
    const told = new Set<string>();
    for (const reference of model.lowering.references) {
      const { symbol, context, written } = reference;
      if (!written || !isHostContext(context)) continue;
      if (symbol.kind !== "setting" && symbol.kind !== "credential") continue;
      const place = hostPlaceAt(String(written.scalar.value), written.name.start);
      const word = /^[a-z0-9][a-z0-9-]*/i.exec(place?.after ?? "")?.[0];
      if (word === undefined || fieldsOf(model, symbol.kind, symbol.key).some(bringsMark)) continue;
      const { path, span } = reference;
      const id = `${span.start}`;
      if (told.has(id)) continue;
      told.add(id);
      report({
        path,
        span,
        message: `The value and \`${word}\` make one word: \`us\` would lead to ${place?.before}us${place?.after}.`,
        label: `runs into \`${word}\``,
        help: `Write a dot between them, as in {${symbol.key}}.${word}; if the API has such hosts, ignore this.`,
      });
    }
  },
};

function fieldsOf(
  { declared }: Model,
  kind: "setting" | "credential",
  key: string,
): readonly DeclaredField[] {
  const all = kind === "setting" ? declared.settings : declared.profiles.flatMap(({ fields }) => fields);
  return all.filter((field) => field.key === key);
}

/** True where the values that are known bring a dot, a hyphen or nothing at all. */
function bringsMark({ at, implied }: DeclaredField): boolean {
  if (implied) return false;
  const values = [...at.at("enum").items(), at.at("default_value"), at.at("example")];
  return values.some((value: Cursor) => /^$|[.-]$/.test(value.string() ?? "x"));
}
