/** Globs of `--select` and `--mcp`: `*` within a part of a path, `**` across, `?` one character; case does not matter. */
export type Selects = (names: readonly string[]) => boolean;

/** Whether any of the names fits any of the globs. */
export function createSelection(globs: readonly string[]): Selects {
  const tests = globs.map((glob) => toTest(glob.toLowerCase()));
  return (names) => names.some((name) => tests.some((test) => test(name.toLowerCase())));
}

/** Matches without going back over what it has tried: the time is bounded by glob times name. */
function toTest(glob: string): (name: string) => boolean {
  const parts = glob.match(/\*+|\?|[^*?]/gu) ?? [];
  return (name) => {
    let reached = new Set([0]);
    for (const part of parts) reached = step(reached, part, name);
    return reached.has(name.length);
  };
}

function step(from: ReadonlySet<number>, part: string, name: string): Set<number> {
  const reached = new Set<number>();
  for (const start of from) {
    if (part.startsWith("*")) {
      for (let end = start; end <= name.length; end++) {
        reached.add(end);
        if (part === "*" && name[end] === "/") break;
      }
    } else if (start < name.length && (part === "?" ? name[start] !== "/" : name.startsWith(part, start)))
      reached.add(start + part.length);
  }
  return reached;
}
