/** Workflow commands as GitHub's runner reads them (actions/runner, ActionCommand.cs). */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

export function parseCommands(log: string): readonly WorkflowCommand[] {
  return log.split("\n").flatMap((line) => {
    const text = line.trimStart();
    if (!text.startsWith("::")) return [];
    const end = text.indexOf("::", 2);
    if (end < 0) return [];
    const info = text.slice(2, end);
    const space = info.indexOf(" ");
    const given =
      space < 0
        ? []
        : info
            .slice(space + 1)
            .trim()
            .split(",");
    const properties = given.map((one): [string, string] => {
      const equals = one.indexOf("=");
      return [one.slice(0, equals), unescapeProperty(one.slice(equals + 1))];
    });
    return [
      {
        name: space < 0 ? info : info.slice(0, space),
        properties: Object.fromEntries(properties),
        message: unescapeData(text.slice(end + 2)),
      },
    ];
  });
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
}
