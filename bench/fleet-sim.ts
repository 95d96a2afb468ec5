/**
 * A fleet at one Redis, simulated: `node --import tsx bench/fleet-sim.ts [--seed=1] [--only=faults] [--write]`. The scripts, the pacer
 * and the Redis state are those of the product; clock, network, server and what befalls them are drawn from the seed,
 * so that the same seed gives the same figures. `--write` puts tables and plots into `docs/scale.md` and `docs/scale`.
 */
import { parseArgs } from "node:util";
import { tableOf, writePart, writePlot } from "./fleet-sim/document.ts";
import { idealQueue, idealWait } from "./fleet-sim/ideal.ts";
import type { Scenario } from "./fleet-sim/scenario.ts";
import { badTime, eachFault, fleetSizes, keyCounts, leases, usual } from "./fleet-sim/scenarios.ts";
import { type FleetFigures, prepareSimulation, simulate } from "./fleet-sim/simulate.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const simulation = await prepareSimulation();

interface Result {
  readonly scenario: Scenario;
  readonly figures: FleetFigures;
}

const columns = ["", "used", "fullest window", "wait p50", "p95", "p99", "scripts per start", "server busy"];

console.log(`seed ${seed}`);
await part("sizes", fleetSizes(), (results) => {
  writePlot("sizes", {
    title: "The slowest of a hundred waits, and questions, by the size of the fleet",
    x: { name: "processes", log: true },
    y: { name: "ratio" },
    series: [
      {
        name: "p99 / ideal queue",
        points: results.map((one) => [
          one.scenario.processes,
          one.figures.waitMs.p99 / idealP99(one.scenario),
        ]),
      },
      {
        name: "scripts per start",
        points: results.map((one) => [one.scenario.processes, one.figures.scriptsPerStart]),
      },
      { name: "used", points: results.map((one) => [one.scenario.processes, one.figures.used]) },
    ],
  });
});
await part("leases", leases(), (results) => {
  const limits = [...new Set(results.map(({ scenario }) => scenario.rule.limit))];
  writePlot("leases", {
    title: "What the server's thread is busy with, by the lease (16 processes)",
    x: { name: "lease", log: true },
    y: { name: "part of a core" },
    series: limits.map((limit) => ({
      name: `${limit}/s`,
      points: results
        .filter(({ scenario }) => scenario.rule.limit === limit)
        .map(({ scenario, figures }) => [scenario.lease, figures.serverBusy]),
    })),
  });
});
await part("keys", keyCounts(), () => undefined, true);
await part("faults", [...eachFault(), badTime(seed)], (results) => {
  for (const name of ["pause", "restart"]) {
    const one = results.find(({ scenario }) => scenario.name === name);
    if (one !== undefined) writePlot(name, timeline(one));
  }
});

async function part(
  name: string,
  scenarios: readonly Scenario[],
  plots: (results: readonly Result[]) => void,
  memory = false,
): Promise<void> {
  if (values.only !== undefined && values.only !== name) return;
  const results: Result[] = [];
  for (const scenario of scenarios)
    results.push({ scenario, figures: await simulate(simulation, scenario, seed) });
  const head = memory ? [...columns, "bytes per key"] : [...columns, "p99 / ideal"];
  const rows = results.map(({ scenario, figures }) => [
    scenario.name,
    percent(figures.used),
    percent(figures.worstWindow),
    ...[figures.waitMs.p50, figures.waitMs.p95, figures.waitMs.p99].map(
      (ms) => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`,
    ),
    figures.scriptsPerStart.toFixed(2),
    percent(figures.serverBusy),
    memory ? figures.bytesPerKey.toFixed(0) : (figures.waitMs.p99 / idealP99(scenario)).toFixed(2),
  ]);
  const table = tableOf(head, rows);
  console.log(`\n${name}\n${table}`);
  if (!values.write) return;
  writePart(name, table);
  plots(results);
}

function idealP99({ rule, load, processes, seconds }: Scenario): number {
  const callers = load.kind === "callers" ? load.each * processes : 1;
  return Math.max(1, idealWait(idealQueue(rule, seconds), callers, 0.99));
}

function timeline({ scenario, figures }: Result): Parameters<typeof writePlot>[1] {
  const [fault] = scenario.faults;
  const end = scenario.seconds;
  return {
    title: `Starts while Redis has a ${scenario.name} (16 processes, 500/s and a burst of 50)`,
    x: { name: "seconds" },
    y: { name: "starts per second", most: 1_200 },
    series: [
      { name: "all processes", points: perSecond(figures.perTenth.slice(0, 10 * end)) },
      {
        name: "the limit",
        points: [
          [0, usual.rule.limit],
          [end, usual.rule.limit],
        ],
        dashed: true,
      },
    ],
    ...(fault === undefined
      ? {}
      : { span: { from: fault.atMs / 1_000, to: (fault.atMs + fault.forMs) / 1_000, name: scenario.name } }),
  };
}

/** Starts in the second that ends at each tenth. */
function perSecond(perTenth: readonly number[]): readonly (readonly [number, number])[] {
  return perTenth.map((_, index) => [
    (index + 1) / 10,
    perTenth.slice(Math.max(0, index - 9), index + 1).reduce((sum, count) => sum + count, 0),
  ]);
}

function percent(part: number): string {
  return `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`;
}
