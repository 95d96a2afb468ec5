/** The program of a bundle's server. */
import { bundleProgram } from "./bundle-program.ts";

export interface ServerProgram {
  /** CommonJS that needs nothing but Node. */
  readonly program: string;
  /** Licences of the packages in it. */
  readonly notices: string;
}

/** Made from the sources; `build.ts` makes it beforehand and puts a reader of its file in place of this module. */
export function loadServerProgram(): Promise<ServerProgram> {
  return bundleProgram();
}
