import type { DeclaredField } from "../../lower/declared.ts";
import type { Lowering, Reference } from "../../lower/lowering.ts";
import { isHostContext } from "../../lower/scope.ts";
import { type Gap, gapOf, type HostPlace, hostPlaceAt, misfitOf } from "../flow/bounds.ts";
import type { Rule } from "../rule.ts";

export const urlUnboundedHost: Rule = {
  id: "url/unbounded-host",
  severity: "warning",
  summary:
    "A user-supplied host part that no pattern, enum or format bounds, or that its pattern or values bound badly.",
  check: ({ declared, lowering }, report) => {
    const told = new Set<string>();
    // Thousands of URLs may hold one setting, at places of one form.
    const gaps = new Map<string, Gap | undefined>();
    const gapIn = (field: DeclaredField, place: HostPlace): Gap | undefined => {
      const id = `${place.form} ${field.at.path.join("/")}`;
      if (!gaps.has(id)) gaps.set(id, gapOf(field, place, lowering.patternTest));
      return gaps.get(id);
    };
    for (const reference of lowering.references) {
      const { symbol, context, path, span } = reference;
      if (!isHostContext(context) || (symbol.kind !== "setting" && symbol.kind !== "credential")) continue;
      const place = placeOf(reference);
      // Of two that have one key, nobody knows which is meant.
      if (!place || (symbol.kind === "setting" && declared.open.settings)) continue;
      const fields =
        symbol.kind === "setting"
          ? declared.settings
          : declared.profiles.flatMap((profile) => profile.fields);
      for (const field of fields.filter(({ key }) => key === symbol.key)) {
        const id = field.at.path.join("/");
        const misfit = told.has(id) || lowering.isBroken(field.at.path) ? undefined : misfitOf(field, place);
        if (misfit) {
          told.add(id);
          report({
            path: misfit.path,
            message: `\`${field.key}\` becomes ${partOf(place)}, and \`${misfit.string()}\` can be none: a call with it is refused.`,
            label: "can be no part of a host",
            help: "Write the host, or the part of it, alone: without scheme, path and blanks.",
            related: [{ path, span, message: `\`${field.key}\` becomes ${partOf(place)} here` }],
          });
        }
        const gap = told.has(id) || hasBrokenBound(field, lowering) ? undefined : gapIn(field, place);
        if (!gap) continue;
        told.add(id);
        report({
          ...whereOf(field, gap),
          message: messageOf(field.key, place, gap),
          label: labelOf(place, gap),
          help: helpOf(place, gap),
          related: [{ path, span, message: `\`${field.key}\` becomes ${partOf(place)} here` }],
        });
      }
    }
  },
};

/** What bounds it was found at fault. */
function hasBrokenBound({ at, implied }: DeclaredField, lowering: Lowering): boolean {
  if (implied) return false;
  if (lowering.lostKey(at.path)) return true;
  return bounds.some(
    (key) => lowering.isBroken([...at.path, key]) || (!at.has(key) && lowering.isStray(key)),
  );
}

const bounds = ["pattern", "enum", "format"];

/** A host that the language implies, such as `base_url` of a relative endpoint, is the whole beginning of the URL. */
function placeOf({ written }: Reference): HostPlace | undefined {
  return written
    ? hostPlaceAt(String(written.scalar.value), written.name.start)
    : { form: "base", before: "", after: "" };
}

function whereOf(
  { at, implied }: DeclaredField,
  { kind }: Gap,
): { readonly path: readonly (string | number)[] } {
  if (implied) return { path: at.path };
  return { path: [...at.path, kind === "unbounded" ? "key" : "pattern"] };
}

function messageOf(key: string, place: HostPlace, gap: Gap): string {
  switch (gap.kind) {
    case "unbounded":
      return `\`${key}\` reaches the host of a URL, and any value will do: ${reachOf(place)}.`;
    case "loose":
      return place.form === "label"
        ? `The pattern of \`${key}\` lets \`${gap.character}\` through, which no label of a host can hold: \`${gap.value}\` is refused only when a call is made.`
        : `The pattern of \`${key}\` bounds no host: it lets \`${gap.character}\` through, as in \`${gap.value}\`, and any host with it.`;
    case "elsewhere":
      return `The pattern of \`${key}\` does not keep it at ${gap.domain}: \`${gap.value}\` fits, and leads to ${gap.host}.`;
  }
}

/** How far a value without a bound can lead, as the runtime has it. */
function reachOf({ form, before, after }: HostPlace): string {
  switch (form) {
    case "label":
      return `\`evil\` would lead to ${before}evil${after}`;
    case "tail":
      return `\`evil.example\` would lead to ${before}evil.example`;
    case "authority":
      return "`evil.example` would get the credential";
    case "base":
      return "`https://evil.example` would get the credential";
  }
}

function labelOf({ form }: HostPlace, gap: Gap): string {
  if (gap.kind === "elsewhere") return `lets ${gap.host} through`;
  if (gap.kind === "loose") return `lets \`${gap.character}\` through`;
  return form === "label" ? "any label will do" : "any host will do";
}

function partOf({ form }: HostPlace): string {
  return form === "label"
    ? "a label of the host"
    : form === "tail"
      ? "the end of the host"
      : "the whole host";
}

function helpOf({ form }: HostPlace, gap: Gap): string {
  if (gap.kind === "elsewhere")
    return `Escape each dot, and let only a whole domain end the host, such as \`${form === "base" ? "https://" : ""}[a-z0-9-]+\\.${gap.domain.replaceAll(".", "\\.")}\`.`;
  if (form === "label")
    return "Bound it with `pattern` (such as `[a-z0-9-]+`), `enum` or `format: subdomain` in a declared field or setting.";
  const format = form === "base" ? "uri" : "hostname";
  const pattern = form === "base" ? "https://[a-z0-9-]+\\.example\\.com" : "[a-z0-9-]+\\.example\\.com";
  return `Bound it with \`pattern\` (such as \`${pattern}\`) or \`enum\` in a declared field or setting; where each user has a server of their own, say \`format: ${format}\`.`;
}
