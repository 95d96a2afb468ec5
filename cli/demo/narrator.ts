import { createStyle, type Style } from "../report/style.ts";

/** Where the demo's story goes. */
export interface Listener {
  readonly color: boolean;
  write(text: string): void;
}

/** Tells the story: chapters, facts in columns, quotations. */
export interface Narrator {
  readonly style: Style;
  title(text: string): void;
  chapter(text: string): void;
  say(text: string): void;
  /** What happened, and its measure in a column of its own. */
  fact(what: string, measure: string): void;
  quote(text: string): void;
}

const measureColumn = 54;

/** A narrator that writes to a listener. */
export function createNarrator(listener: Listener): Narrator {
  const style = createStyle(listener.color);
  const line = (text: string): void => listener.write(`${text}\n`);
  let chapters = 0;
  return {
    style,
    title: (text) => line(style.bold(text)),
    chapter: (text) => {
      chapters++;
      line(`\n${style.cyan(String(chapters))}  ${style.bold(text)}`);
    },
    say: (text) => line(`   ${text}`),
    fact: (what, measure) =>
      line(`   ${`${what} `.padEnd(measureColumn, ".").replace(/\.+$/, style.dim)} ${measure}`),
    quote: (text) => {
      for (const part of text.trimEnd().split("\n")) line(`     ${style.dim("│")} ${part}`);
    },
  };
}

/** `1 page`, `3 pages`. */
export function counted(count: number, one: string): string {
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
}

/** Milliseconds as seconds with one decimal. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
