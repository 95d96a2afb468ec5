import type { Cursor } from "../../lower/cursor.ts";
import type { Model } from "../../lower/lower.ts";
import { isSlip, isSwapped, type Paging, pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationPageSizeUnsent: Rule = {
  id: "pagination/page-size-unsent",
  severity: "warning",
  needsWhole: true,
  summary: "A page size that no parameter carries, or a parameter for it that gets no value.",
  check: (model, report) => {
    const inDefaults = fixedInDefaults(model);
    for (const paging of pagings(model)) {
      const { at, operation } = paging;
      // What is missing may be what a dropped key meant.
      if (model.lowering.lostKey(at.path) || isSwapped(paging)) continue;
      const size = at.at("page_size").number();
      const limit = pageParameters(paging).find(({ key }) => key === "limit_param");
      if (size !== undefined && !limit && !model.lowering.isBroken([...at.path, "limit_param"])) {
        if (isFixed(paging, size) || inDefaults(size)) continue;
        report({
          path: [...at.path, "page_size"],
          message: `Nothing asks for pages of ${size}: \`limit_param\` is missing.`,
          label: "never sent",
          help: endsOnShortPage(at)
            ? "Name the parameter that carries it. An API with smaller pages of its own would be left after the first one, which is short of this size."
            : "Name the parameter that carries it, or remove the size.",
        });
      } else if (
        size === undefined &&
        limit &&
        !limit.declared &&
        !isSlip(limit, operation) &&
        !model.lowering.isBroken([...at.path, "page_size"])
      ) {
        report({
          path: limit.at.path,
          message: `Nothing is ever sent as \`${limit.name}\`: no parameter has that name, and no \`page_size\` is given.`,
          help: `Add \`page_size\`, or declare the parameter \`${limit.name}\`.`,
        });
      }
    }
  },
};

function endsOnShortPage(at: Cursor): boolean {
  const counted = at.has("total_path") || at.has("has_more_path");
  const kind = at.at("type").string();
  return kind === "offset" || kind === "page" ? !counted : at.at("stop_on_short_page").boolean() === true;
}

/** True where the request says the size by itself: a fixed entry, a default, a part of the endpoint. */
function isFixed({ operation }: Paging, size: number): boolean {
  const { at, parameters } = operation;
  const wanted = String(size);
  const fixed = [at.at("query"), at.at("headers"), at.at("body")];
  return (
    fixed.some((one) => holds(one, wanted)) ||
    parameters.some((parameter) => String(parameter.at.at("default_value").scalar?.value) === wanted) ||
    (at.at("endpoint").string() ?? "").includes(`=${wanted}`)
  );
}

/** The same for the entries that all operations share: looked through once for each size. */
function fixedInDefaults({ declared }: Model): (size: number) => boolean {
  const defaults = declared.root.at("defaults");
  const known = new Map<number, boolean>();
  return (size) => {
    const found =
      known.get(size) ??
      [defaults.at("query"), defaults.at("headers")].some((one) => holds(one, String(size)));
    known.set(size, found);
    return found;
  };
}

function holds(at: Cursor, wanted: string): boolean {
  const value = at.scalar?.value;
  if (value !== undefined) return String(value).includes(wanted);
  return (
    at.items().some((item) => holds(item, wanted)) || at.entries().some(([, item]) => holds(item, wanted))
  );
}
