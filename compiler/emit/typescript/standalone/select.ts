/** Picks what a connector needs of the core: statements that can be reached from what the client uses. */
import type { Needs } from "./features.ts";
import { coreParts } from "./parts.ts";
import { simplified } from "./simplify.ts";
import { type CoreStatement, written } from "./statements.ts";
import { coreTables } from "./tables.ts";

/** What a client uses. */
const roots: readonly string[] = ["ConnectorError", "makeRuntime"];

/** A statement as this client has it. */
interface Written {
  readonly text: string;
  readonly declares: readonly string[];
  /** Other names of the scope. */
  readonly uses: readonly string[];
}

/** The text of the core, in the order of its statements, for a plan of these keys. */
export async function selectCore(
  whole: readonly CoreStatement[],
  needs: Needs,
  keys: ReadonlySet<string>,
): Promise<string> {
  const { ts } = await import("ts-morph");
  const core = whole.map((statement) => writtenFor(statement, needs, keys));
  const left = new Map(
    coreParts
      .filter(({ needed }) => !needed(needs))
      .flatMap(({ names, instead = absent }) => names.map((name) => [name, instead] as const)),
  );
  const kept = reach(core, left);
  const texts = core.flatMap((statement) => {
    if (kept.has(statement)) return [statement.text];
    return statement.declares.flatMap((name) =>
      left.has(name) && isUsed(name, kept) ? [`const ${name} = ${left.get(name)};`] : [],
    );
  });
  const isShort = !texts.some((text) => text.endsWith(` = ${absent};`));
  return simplified([...(isShort ? [] : [absentText]), ...texts].join("\n"), roots, ts);
}

const absent = "absent";
const absentText = `function absent() {
  throw new Error("this client was built without what it was asked for; please report it");
}`;

/** Without what depends on keys that the plan has not; a table with no more entries than the connector needs. */
function writtenFor(
  { declares, pieces, entries }: CoreStatement,
  needs: Needs,
  keys: ReadonlySet<string>,
): Written {
  const table = coreTables.find(({ name }) => declares.includes(name));
  if (!entries || !table) return { declares, ...written(pieces, keys) };
  const needed = table.needed(needs);
  const kept = entries.filter(({ name }) => needed.has(name)).map((entry) => written(entry.pieces, keys));
  return {
    declares,
    text: `var ${table.name} = {\n${kept.map(({ text }) => `  ${text}`).join(",\n")}\n};`,
    uses: kept.flatMap(({ uses }) => uses),
  };
}

/** Whatever is used, and statements that work on it, such as those that fill a table. */
function reach(core: readonly Written[], left: ReadonlyMap<string, string>): ReadonlySet<Written> {
  const declaring = new Map(
    core.flatMap((statement) => statement.declares.map((name) => [name, statement] as const)),
  );
  const working = core.filter(({ declares }) => declares.length === 0);
  const kept = new Set<Written>();
  const take = (statement: Written): void => {
    if (kept.has(statement)) return;
    kept.add(statement);
    for (const name of statement.uses) {
      const used = left.has(name) ? undefined : declaring.get(name);
      if (used) take(used);
    }
  };
  for (const name of roots) {
    const statement = declaring.get(name);
    if (!statement) throw new Error(`The core has no ${name}.`);
    take(statement);
  }
  // A statement that works on a table is needed with it; what it uses may be worked on in turn.
  for (let size = -1; size !== kept.size; ) {
    size = kept.size;
    for (const statement of working)
      if (statement.uses.some((name) => kept.has(declaring.get(name) ?? statement))) take(statement);
  }
  return kept;
}

function isUsed(name: string, kept: ReadonlySet<Written>): boolean {
  for (const { uses } of kept) if (uses.includes(name)) return true;
  return false;
}
