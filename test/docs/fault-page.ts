/** What `docs/faults.md` is made of: the faults that the harness makes. */
import { http2Faults } from "../faults/families/http2.ts";
import { processFaults } from "../faults/families/process.ts";
import { families } from "../faults/families.ts";
import { type Sight, type Sights, situationAt, type Told } from "../faults/fault.ts";
import { type Demand, entriesOf, matrix, placesOf } from "../faults/matrix.ts";

const intro = `# Faults

What a caller sees when something goes wrong, and what to do about it. The tests make each of these faults on a real
server, under a read, a write, and a write under an idempotency key; at an operation without credentials, at one behind
a chain, and where a chain obtains its token. Whatever the fault, there too:

- the call settles within its time limit and 250 ms, an abort ends it at once;
- at most 3 requests are made, and a write that is not safe to repeat is not sent again once a byte may have arrived,
  unless the answer says that nothing was done;
- what comes out is a value or a [\`ConnectorError\`](embedding.md#errors), in a sentence that says what to do, and
  without a secret, also where the server repeats what it was sent;
- memory is bounded by \`maxResponseBytes\`, and \`close()\` leaves no socket and no timer.

"Guarded" is a write under an idempotency key. Numbers of attempts are for the default of 3 and a fault that stays
unless the table says otherwise. At the step of a chain a fault keeps its code where that says enough
(\`network_error\`, \`rate_limited\`, \`deadline_exceeded\` …) and is \`chain_step_failed\` otherwise.

Those that can happen over HTTP/2 are made there, too, by a front that speaks it for the server, as load balancers do.
One that cannot tell that an answer was cut passes it on as whole: what is seen then is \`response_invalid\`. What a
server can do by the frames of HTTP/2 alone has a table of its own, made at the same places, under the same methods.
`;

/** The page, written by \`UPDATE=1 npx vitest run test/docs/faults.test.ts\`. */
export function faultPage(): string {
  const told: Readonly<Record<string, readonly Told[]>> = {
    ...families,
    "Process and store": [...(families["Process and store"] ?? []), ...processFaults],
    "Over HTTP/2 alone": http2Faults,
  };
  return [intro, ...Object.entries(told).map(section), matrixSection()].join("\n");
}

/** For each fault that is owed the entries that make it, and how: every cell is made by GET, POST, and POST with a key. */
function matrixSection(): string {
  const rows = Object.entries(matrix).map(([name, demand]) => row(name, demand));
  return [
    "## Where each is made",
    "",
    "Each mark stands for a read, a write and a guarded write. Where a token endpoint fails, the mark under “without",
    "credentials” is a call that needs no token and sees nothing of it. “Consent” is a refresh that fails, or a call after one.",
    "Without a mark under HTTP/2 are those that come before a protocol is agreed on (names, sockets, the handshake), those of",
    "idle connections of HTTP/1.1, in whose place GOAWAY stands, and those of the process, which has no wire; an abort is made",
    "over HTTP/2 by a test of its own.",
    "",
    "| fault | made as | without credentials | operation after a chain | chain step | consent | HTTP/2 |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function row(name: string, demand: Demand): string {
  const places = placesOf(demand);
  const marks = [
    places.has("operation") || places.has("token endpoint of others"),
    places.has("operation after a chain"),
    places.has("chain step"),
    [...places].some((place) => situationAt(place).profile === "consent"),
    entriesOf(demand).some(({ http2 }) => http2),
  ].map((made) => (made ? "●" : ""));
  const made = demand.made.join("; ") + (demand.except === undefined ? "" : ` (${demand.except})`);
  return `| ${[name, made, ...marks].join(" | ")} |`;
}

function section([family, faults]: readonly [string, readonly Told[]]): string {
  const rows = faults.map(({ name, seen, todo }) => `| ${name} | ${seenText(seen)} | ${todo} |`);
  return [
    `## ${family}`,
    "",
    "| fault | what the caller sees | what to do |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function seenText({ read, write, guarded }: Sights): string {
  const [reading, writing, guarding] = [read, write, guarded].map(sightText);
  if (reading === writing && reading === guarding) return `${reading}`;
  if (reading === guarding) return `read, guarded write: ${reading}; write: ${writing}`;
  if (writing === guarding) return `read: ${reading}; write: ${writing}`;
  return `read: ${reading}; write: ${writing}; guarded write: ${guarding}`;
}

function sightText({ code, attempts, retryable }: Sight): string {
  const codes = [code].flat().map((one) => (one === "ok" ? "the answer" : `\`${one}\``));
  const facts = [
    codes.join(" or "),
    ...(retryable === true ? ["retryable"] : []),
    ...(attempts === undefined ? [] : [attempts === 1 ? "1 attempt" : `${attempts} attempts`]),
  ];
  return facts.join(", ");
}
