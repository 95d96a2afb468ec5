import type { Finding } from "../../diagnostics.ts";
import { isSwapped, type PageParameter, type Paging, pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { refusalOf } from "../shape/admits.ts";
import { answersOf } from "../shape/answer.ts";
import { keywords, type SchemaPlace, type SchemaReader } from "../shape/schema-place.ts";

export const paginationFirstPage: Rule = {
  id: "pagination/first-page",
  severity: "warning",
  summary: "Reading begins at a page or an offset that the parameter does not have, or misses the first one.",
  check: (model, report) => {
    const reader = answersOf(model).reader;
    for (const paging of pagings(model)) {
      if (paging.kind !== "page" && paging.kind !== "offset") continue;
      if (isSwapped(paging)) continue;
      const [place] = pageParameters(paging);
      if (!place?.declared || model.lowering.lostKey(paging.at.path)) continue;
      const schema = reader.at(place.declared.at.at("schema"));
      const finding =
        conflict(paging, place) ??
        (schema && (refused(reader, paging, place, schema) ?? zero(paging, place, schema)));
      if (finding) report(finding);
    }
  },
};

/** A default counts as given: reading begins there. */
function beginning({ at, kind }: Paging, { declared }: PageParameter): number {
  const given = declared?.at.at("default_value").number();
  return given ?? (kind === "offset" ? 0 : (at.at("start_page").number() ?? 1));
}

function conflict(
  { at, kind }: Paging,
  { name, declared }: PageParameter,
): Omit<Finding, "rule"> | undefined {
  const given = declared?.at.at("default_value");
  const value = given?.number();
  if (!given || value === undefined) return undefined;
  if (kind === "offset")
    return value > 1
      ? {
          path: given.path,
          message: `Reading begins at ${value}: the ${value} records before it are never read.`,
          help: `Remove the default of \`${name}\`; reading begins at 0 then.`,
          related: [{ path: at.path, at: "key", message: "read page by page" }],
        }
      : undefined;
  const start = at.at("start_page").number();
  if (start === undefined || start === value) return undefined;
  return {
    path: [...at.path, "start_page"],
    message: `Reading begins at page ${value}, the default of \`${name}\`, and not at ${start}.`,
    label: "not looked at",
    help: "Say one of them, or the same in both.",
    related: [{ path: given.path, message: "counts as given" }],
  };
}

function refused(
  reader: SchemaReader,
  paging: Paging,
  place: PageParameter,
  schema: SchemaPlace,
): Omit<Finding, "rule"> | undefined {
  const start = beginning(paging, place);
  const refusal = refusalOf(reader, schema, start);
  if (!refusal) return undefined;
  const says = paging.kind === "page" && paging.at.has("start_page");
  const remedy =
    refusal.nearest === undefined
      ? "Begin at a value that the schema admits."
      : paging.kind === "page"
        ? `Say \`start_page: ${refusal.nearest}\`.`
        : `Give \`${place.name}\` the \`default_value: ${refusal.nearest}\`, at which reading then begins.`;
  return {
    path: says ? [...paging.at.path, "start_page"] : paging.at.path,
    ...(says ? {} : { at: "key" as const }),
    severity: "error",
    message: `Reading begins with \`${place.name}\` ${start}, which is to be ${refusal.bound}.`,
    label: `begins at ${start}`,
    help: remedy,
    related: refusal.path ? [{ path: refusal.path, message: "what the API takes" }] : [],
  };
}

/** Zero-based pages of which the first is never asked for. */
function zero(
  paging: Paging,
  { name, declared }: PageParameter,
  schema: SchemaPlace,
): Omit<Finding, "rule"> | undefined {
  const { at, kind } = paging;
  if (kind !== "page" || at.has("start_page") || declared?.hasDefault || keywords(schema).minimum !== 0)
    return undefined;
  return {
    path: at.path,
    at: "key",
    message: `Reading begins at page 1, and \`${name}\` admits 0: where pages count from 0, the first one is never read.`,
    label: "begins at 1",
    help: "Say `start_page: 0`, or `start_page: 1` where pages do count from 1.",
    related: schema.path ? [{ path: [...schema.path, "minimum"], message: "counts from 0" }] : [],
  };
}
