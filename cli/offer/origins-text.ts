import { escapeLine } from "../report/escape.ts";
import type { Style } from "../report/style.ts";
import type { Bound, OfferedOrigin, OfferedOrigins, Sender } from "./origins.ts";

/** The origins for a person at a terminal. */
export function originsText({ profiles }: OfferedOrigins, style: Style): string {
  const parts = profiles.map(({ profile_id, type, origins, allowed_hosts }) => [
    `${style.bold(escapeLine(profile_id))} (${type})`,
    ...(origins.length === 0 ? ["  sends nothing anywhere"] : []),
    ...origins.flatMap((origin) => originLines(origin, style)),
    ...(allowed_hosts.length > 0
      ? [`  where answers may lead besides: ${allowed_hosts.map(escapeLine).join(", ")}`]
      : []),
  ]);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function originLines({ origin, holes, senders, foreign }: OfferedOrigin, style: Style): readonly string[] {
  const mark = foreign ? `  ${style.yellow("foreign: of another owner than the secret's own host")}` : "";
  return [
    `  ${style.cyan(escapeLine(origin))}${mark}`,
    `    from ${senders.map(senderText).join(", ")}`,
    ...holes.map(({ name, kind, bounded_by }) =>
      style.dim(`    {${escapeLine(name)}} is ${kindText(kind)}: ${boundText(bounded_by)}`),
    ),
  ];
}

function kindText(kind: "setting" | "credential" | "answer"): string {
  return kind === "answer" ? "taken from an answer" : `a ${kind}`;
}

function senderText(sender: Sender): string {
  switch (sender.kind) {
    case "operations": {
      const names = sender.operations.slice(0, 3).map(escapeLine).join(", ");
      return sender.count > 3
        ? `${sender.count} operations (${names}, …)`
        : `${sender.count === 1 ? "the operation" : "the operations"} ${names}`;
    }
    case "step":
      return `the step ${escapeLine(sender.step)} of the chain ${escapeLine(sender.chain)}`;
    case "token":
      return "the token call";
    case "refresh":
      return "the token renewal";
    case "test":
      return "the test endpoint";
  }
}

function boundText(bound: Bound): string {
  switch (bound.kind) {
    case "enum":
      return `one of ${bound.values.map((value) => escapeLine(JSON.stringify(value))).join(", ")}`;
    case "pattern":
      return `the pattern ${escapeLine(bound.pattern)}`;
    case "format":
      return `the format ${escapeLine(bound.format)}`;
    case "type":
      return `the type ${bound.type}`;
    case "allowed_hosts":
      return bound.hosts.length > 0
        ? `within ${bound.hosts.map(escapeLine).join(", ")}`
        : "nothing is allowed";
    case "label":
      return "any label";
    case "nothing":
      return "anything";
  }
}
