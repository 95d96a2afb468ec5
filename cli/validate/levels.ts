/** The words of `connector validate`'s options. They load with every command, and so does nothing that knows rules. */
import type { Preset } from "../../compiler/catalog.ts";
import type { Severity } from "../../schema/diagnostic.ts";

/** The gravest first. */
export const severities: readonly Severity[] = ["error", "warning", "info"];

/** The smallest first. */
export const presets: readonly Preset[] = ["minimal", "recommended", "strict"];
