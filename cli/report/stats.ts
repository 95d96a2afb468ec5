/** What `connector call --stats` prints on standard error: where the time of the calls went, what room is left, how the `sla` fared. */
import type { CallEvent, RuntimeReport, SlaReport, StageTimes } from "../../runtime/index.ts";
import { counted } from "./summary.ts";

const stages: readonly (readonly [keyof StageTimes, string])[] = [
  ["credentials", "credentials"],
  ["wait", "waits"],
  ["attempt", "requests"],
  ["backoff", "pauses before retries"],
  ["decode", "decoding"],
];

/** Adds up what a command's calls cost; each page is one. */
export class CallStats {
  #calls = 0;
  #attempts = 0;
  #ms = 0;
  #failed = 0;
  readonly #stages: Record<keyof StageTimes, number> = {
    credentials: 0,
    wait: 0,
    attempt: 0,
    backoff: 0,
    decode: 0,
  };

  /** The listener of the runtime. */
  readonly hear = (event: CallEvent): void => {
    if (event.phase === "start") return;
    this.#calls += 1;
    this.#attempts += event.attempts;
    this.#ms += event.ms;
    if (event.error !== undefined) this.#failed += 1;
    for (const [stage] of stages) this.#stages[stage] += event.stages[stage];
  };

  lines({ limits, sla }: Pick<RuntimeReport, "limits" | "sla">): string[] {
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : "";
    const shares = stages.map(([stage, label]) => `${label} ${time(this.#stages[stage])}`);
    return [
      `stats: ${counted(this.#calls, "call")}${failed}, ${counted(this.#attempts, "request")}, ${time(this.#ms)} in all`,
      `  time: ${shares.join(", ")}`,
      ...limits.map(
        ({ used, capacity }) => `  limit: ${rounded(capacity - used)} of ${rounded(capacity)} left`,
      ),
      ...sla.flatMap(slaLine),
    ];
  }
}

function slaLine({ target, windows }: SlaReport): string[] {
  // The run is shorter than any window: the longest holds all of it.
  const all = windows.at(-1);
  if (all?.availability === undefined) return [];
  const p95 = target.latencyP95 === undefined ? "" : `, p95 ${rounded(target.latencyP95)} ms`;
  const measured = all.latencyP95 === undefined ? "" : `, p95 ${rounded(all.latencyP95)} ms`;
  return [
    `  sla: ${all.met ? "met" : "missed"} by ${counted(all.requests, "request")}: ${rounded(all.availability)} % answered${measured}; promised ${target.availability} %${p95}`,
  ];
}

function time(ms: number): string {
  return ms >= 10_000 ? `${rounded(ms / 1000)} s` : `${rounded(ms)} ms`;
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
