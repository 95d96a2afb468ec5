import type { Model } from "../../lower/lower.ts";
import { createHops, type HopsTo } from "./hops.ts";
import { createLookup } from "./lookup.ts";
import { createSecrets, type Secrets } from "./secrets.ts";
import { createSites, type SiteOf } from "./sites.ts";

/** What all rules about secrets ask of a descriptor: what is secret, how it came there, and where URLs lead. */
export interface Flow extends Pick<Secrets, "isSecret"> {
  readonly hopsTo: HopsTo;
  readonly siteOf: SiteOf;
}

const known = new WeakMap<Model, Flow>();

/** The flow of a descriptor, worked out once. */
export function flowOf(model: Model): Flow {
  const before = known.get(model);
  if (before) return before;
  const lookup = createLookup(model);
  const secrets = createSecrets(lookup);
  const flow = {
    isSecret: secrets.isSecret,
    hopsTo: createHops(lookup, secrets),
    siteOf: createSites(model.declared),
  };
  known.set(model, flow);
  return flow;
}
