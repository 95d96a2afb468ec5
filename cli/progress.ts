import type { World } from "./world.ts";

/** A line on standard error that says how far a long command is. */
export interface Progress {
  /** What has been done so far: `12 pages, 600 records`. */
  update(text: string): void;
  /** Removes the line. */
  stop(): void;
}

/** Shown only on a terminal, and only once the work has taken over a second. */
export function startProgress(world: World): Progress {
  if (!world.stderr.isTerminal) return { update: () => {}, stop: () => {} };
  let text = "working";
  let shown = false;
  const show = (): void => {
    shown = true;
    void world.stderr.write(`\r\u001b[K${text} …`);
  };
  const timer = setInterval(show, 1_000);
  timer.unref();
  return {
    update: (next) => {
      text = next;
    },
    stop: () => {
      clearInterval(timer);
      if (shown) void world.stderr.write("\r\u001b[K");
    },
  };
}
