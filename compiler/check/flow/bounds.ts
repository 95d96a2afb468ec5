import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredField } from "../../lower/declared.ts";
import { longestProbe, type TestOf } from "../../lower/pattern-tests.ts";
import { wordsIn } from "../rules/yaml-lost-comma.ts";
import { authorityOf } from "./authority.ts";
import { ownDomain } from "./domains.ts";

/**
 * What a value may be at its place in a host, as the runtime enforces it (`runtime/request`): `label` one label of a
 * longer host, whose end is fixed; `tail` a host name after a fixed beginning; `authority` host and port; `base` a
 * whole URL up to its path.
 */
export type HostForm = "label" | "tail" | "authority" | "base";

/** A hole in a host, and the literal text around it. */
export interface HostPlace {
  readonly form: HostForm;
  readonly before: string;
  readonly after: string;
}

/** The place of the hole at an offset of a URL template; undefined where it stands in no host, such as in a port. */
export function hostPlaceAt(text: string, offset: number): HostPlace | undefined {
  const authority = authorityOf(text);
  if (!authority) return undefined;
  const { scheme, host, port } = authority;
  const index = host.findIndex(({ kind, start, end }) => kind === "hole" && start <= offset && offset < end);
  if (index < 0) return undefined;
  const texts = host.map((part) => part.text);
  const before = texts.slice(0, index).join("");
  const after = texts.slice(index + 1).join("");
  if (!scheme) return { form: "base", before, after };
  const alone = host.length === 1 && port.length === 0;
  const last = index === host.length - 1 && port.length === 0;
  return { form: alone ? "authority" : last ? "tail" : "label", before, after };
}

/** Why a declared value bounds no host. */
export type Gap =
  /** There is no pattern, enum or format. */
  | { readonly kind: "unbounded" }
  /** The pattern takes text that is no host, and so any host. */
  | { readonly kind: "loose"; readonly value: string; readonly character: string }
  /** The pattern names a domain, and this value leads elsewhere. */
  | { readonly kind: "elsewhere"; readonly value: string; readonly domain: string; readonly host: string };

/** The first value that a field lists and that its place in a host never takes. */
export function misfitOf({ at, implied }: DeclaredField, { form }: HostPlace): Cursor | undefined {
  if (implied || form === "base") return undefined;
  // A value of several words may be several.
  if (wordsIn(at.at("enum"))) return undefined;
  const strange = form === "label" ? /[\s/?#@\\:.]/ : form === "tail" ? /[\s/?#@\\:]/ : /[\s/?#@\\]/;
  return at
    .at("enum")
    .items()
    .find((value) => strange.test(value.string() ?? ""));
}

/** How a field lets a host go elsewhere; undefined where it is bounded. */
export function gapOf(field: DeclaredField, { form }: HostPlace, testOf: TestOf): Gap | undefined {
  const { at, type } = field;
  if (at.has("enum") || type === "integer" || type === "number" || type === "boolean") return undefined;
  const pattern = field.implied ? undefined : at.at("pattern").string();
  if (pattern === undefined) return !field.implied && at.has("format") ? undefined : { kind: "unbounded" };
  // Beyond this length a pattern is no longer written by hand, and trying it would cost more than it tells.
  const test = pattern.length > longestPattern ? undefined : testOf(pattern);
  if (!test || at.has("format")) return undefined;
  const admits = (text: string): boolean => text.length <= longestProbe && test(text);
  const samples = samplesOf(field, pattern).filter(admits);
  if (form === "label") return looseLabel(admits, samples);
  const domain = domainIn(pattern);
  return domain === undefined ? looseHost(form, admits, samples) : elsewhere(form, domain, admits, samples);
}

const longestPattern = 500;

type Admits = (text: string) => boolean;

/** Values that a pattern is likely to take, to be varied. */
function samplesOf({ at }: DeclaredField, pattern: string): string[] {
  const given = [at.at("example").value(), at.at("default_value").value()];
  const begins = /^\^?((?:[a-z0-9_-]|\\[.-])+)/i.exec(pattern)?.[1]?.replaceAll("\\", "") ?? "";
  return [
    ...given.flatMap((value) => (typeof value === "string" ? value : [])),
    ...["a", "acme", "eu", "us1", "12345678"],
    ...(begins === "" ? [] : [begins, `${begins}a`, `${begins}1`]),
  ];
}

/** One label has no such character; the runtime refuses it, but only when a call is made. */
function looseLabel(admits: Admits, samples: readonly string[]): Gap | undefined {
  const tails = ["/#", ".evil.example", "/x", "@x", ":1"];
  const probes = ["evil.example/#", "evil.example", "evil/x", "evil@x", "evil:1"];
  return loose([...probes, ...samples.flatMap((sample) => tails.map((tail) => sample + tail))], admits);
}

/** A pattern that describes hosts takes none of these; one that takes them describes nothing. */
function looseHost(form: HostForm, admits: Admits, samples: readonly string[]): Gap | undefined {
  const scheme = form === "base" ? "https://" : "";
  const hosts = [`${scheme}evil.example`, ...samples];
  if (!hosts.some(admits)) return undefined;
  return loose(
    hosts.flatMap((host) => [
      `${host}/#`,
      `${host}#`,
      `${host}?x`,
      `${scheme}x@${host.slice(scheme.length)}`,
    ]),
    admits,
  );
}

function loose(probes: readonly string[], admits: Admits): Gap | undefined {
  const value = probes.find(admits);
  const body = value?.replace(/^https:\/\//, "") ?? "";
  const character = /[/@#?:]/.exec(body)?.[0] ?? (body.includes(".") ? "." : undefined);
  return value !== undefined && character !== undefined ? { kind: "loose", value, character } : undefined;
}

/** Values that the runtime takes and that lead away from the domain that the pattern names. */
function elsewhere(
  form: HostForm,
  domain: string,
  admits: Admits,
  samples: readonly string[],
): Gap | undefined {
  const scheme = form === "base" ? "https://" : "";
  const hosts = [
    ...samples.map((sample) => sample.replace(/^https?:\/\//, "").replace(/[/:].*$/, "")),
    `a.${domain}`,
    `acme.${domain}`,
    domain,
  ];
  const candidates = hosts.flatMap((host) => [
    `evil${domain}`,
    `evil-${domain}`,
    host.replace(`.${domain}`, `-${domain}`),
    `${host}.evil.example`,
    `${host}evil.example`,
  ]);
  const paths =
    form === "base" ? [`evil.example/${domain}`, `evil.example/.${domain}`, `evil.example/a.${domain}`] : [];
  for (const candidate of [...candidates, ...paths, "evil.example"]) {
    const host = candidate.replace(/\/.*$/, "");
    const value = scheme + candidate;
    if (ownDomain(host) !== domain && admits(value)) return { kind: "elsewhere", value, domain, host };
  }
  return undefined;
}

/** The domain that a pattern ends its hosts in: `okta.com` of `[a-z]+\.okta\.com`. */
function domainIn(pattern: string): string | undefined {
  const literal = pattern
    .replace(/\[(?:\\[\s\S]|[^\]\\])*\](?:[*+?]|\{[^}]*\})?/g, " ")
    .replace(/\\([.\-/])/g, "$1")
    .replace(/\\[a-zA-Z](?:[*+?]|\{[^}]*\})?|\.[*+]\??/g, " ")
    .replace(/[()^$]/g, " ");
  const hosts = [...literal.matchAll(/[a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![a-z0-9|.*+?{[-])/gi)];
  return hosts.flatMap(([host]) => ownDomain(host) ?? []).at(-1);
}
