/** The core of standalone clients, whole. */
import { bundleCore } from "./bundle-core.ts";
import type { CoreStatement } from "./statements.ts";

export interface Core {
  /** TypeScript. */
  readonly types: string;
  /** JavaScript, in the order in which it runs. */
  readonly statements: readonly CoreStatement[];
}

/** Made from the sources of the runtime; `build.ts` makes it beforehand and puts its text in place of this module. */
export function loadCore(): Promise<Core> {
  return bundleCore();
}
