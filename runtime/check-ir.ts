import { type Connector, irVersion } from "../schema/ir.ts";
import { functions } from "../schema/language/functions.ts";
import { ConnectorError } from "./errors.ts";

/** What this runtime knows beyond the base; an IR that needs more is refused by name. */
const knownFeatures: ReadonlySet<string> = new Set([
  "jsonpath:plus",
  "jsonpath:rfc9535",
  "query:flag",
  "pagination:more_cursors",
  "mcp_upstream",
  ...Object.keys(functions).map((name) => `function:${name}`),
]);

/** Checks version, features and shape. A proof of the compiler is never the only guard. */
export function checkIr(value: unknown): asserts value is Connector {
  if (typeof value !== "object" || value === null)
    throw unusable("it is no object. Pass what `compile` gave, or a built ir.json");
  const ir = value as Partial<Connector>;
  if (ir.ir_version !== irVersion) throw otherVersion(ir);
  for (const key of ["requires", "settings", "profiles", "limits", "operations"] as const) {
    if (!Array.isArray(ir[key])) throw unusable(`\`${key}\` is no list`);
  }
  if (typeof ir.slug !== "string") throw unusable("`slug` is no text");
  if (typeof ir.schemas !== "object" || ir.schemas === null) throw unusable("`schemas` is no object");
  const unknown = (ir.requires ?? []).filter((feature) => !knownFeatures.has(feature));
  if (unknown.length > 0) {
    throw new ConnectorError({
      code: "unsupported",
      phase: "configuration",
      message: `The connector "${ir.slug}" needs ${unknown.join(", ")}, which this runtime does not know. Use a newer version.`,
      connector: ir.slug,
      details: { features: unknown },
    });
  }
}

/** Which of the two is the older one says what to do. */
function otherVersion({
  ir_version,
  slug,
}: {
  readonly ir_version?: unknown;
  readonly slug?: unknown;
}): ConnectorError {
  if (typeof ir_version !== "number") return unusable("its ir_version is missing");
  const name = typeof slug === "string" ? slug : "";
  const [other, mend] =
    ir_version > irVersion
      ? ["a newer", "Update connectorc here to the version that built it, or build it again with this one"]
      : ["an older", "Build it again with this one"];
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `The connector "${name}" was built by ${other} connectorc: its ir_version is ${ir_version}, and this runtime reads ${irVersion}. ${mend}.`,
    connector: name,
    details: { ir_version, reads: irVersion },
  });
}

function unusable(problem: string): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `This is no connector that can be run: ${problem}. Compile the descriptor again.`,
  });
}
