/** Small plots as SVG that can be read on light and on dark. */

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A line of dashes: what is measured against. */
  readonly dashed?: boolean;
}

export interface Plot {
  readonly title: string;
  readonly x: { readonly name: string; readonly log?: boolean };
  readonly y: { readonly name: string; readonly most?: number; readonly log?: boolean };
  readonly series: readonly Series[];
  /** A part of the x axis that is shaded, with a word for it. */
  readonly span?: { readonly from: number; readonly to: number; readonly name: string };
}

const [width, height] = [720, 360];
const frame = { left: 64, right: 150, top: 36, bottom: 48 };
const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .span { fill: #afb8c1; opacity: .25 }
  .line { fill: none; stroke-width: 2 }
  .dashed { stroke-dasharray: 5 4 }
  .c0 { stroke: #0969da } .c1 { stroke: #bc4c00 } .c2 { stroke: #1a7f37 } .c3 { stroke: #8250df } .c4 { stroke: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .grid { stroke: #30363d }
    .c0 { stroke: #58a6ff } .c1 { stroke: #f0883e } .c2 { stroke: #3fb950 } .c3 { stroke: #bc8cff } .c4 { stroke: #ff7b72 }
  }`;

export function svgOf(plot: Plot): string {
  const all = plot.series.flatMap(({ points }) => points);
  const x = scale(
    all.map(([at]) => at),
    plot.x.log === true,
    undefined,
    frame.left,
    width - frame.right,
  );
  const y = scale(
    all.map(([, value]) => value),
    plot.y.log === true,
    plot.y.most,
    height - frame.bottom,
    frame.top,
  );
  const bottom = height - frame.bottom;
  const parts = [
    `<text class="title" x="${frame.left}" y="20">${escaped(plot.title)}</text>`,
    ...y.ticks.map(
      (tick) =>
        `<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/>` +
        `<text x="${frame.left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${short(tick)}</text>`,
    ),
    ...x.ticks.map(
      (tick) => `<text x="${x.at(tick)}" y="${bottom + 18}" text-anchor="middle">${short(tick)}</text>`,
    ),
    `<text x="${(frame.left + width - frame.right) / 2}" y="${height - 10}" text-anchor="middle">${escaped(plot.x.name)}</text>`,
    `<text transform="translate(14 ${(frame.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(plot.y.name)}</text>`,
  ];
  if (plot.span !== undefined) {
    const [from, to] = [x.at(plot.span.from), x.at(plot.span.to)];
    parts.push(
      `<rect class="span" x="${from}" y="${frame.top}" width="${round(to - from)}" height="${bottom - frame.top}"/>`,
      `<text x="${round((from + to) / 2)}" y="${frame.top + 14}" text-anchor="middle">${escaped(plot.span.name)}</text>`,
    );
  }
  for (const [index, series] of plot.series.entries()) {
    const path = series.points.map(([a, b]) => `${x.at(a)},${y.at(b)}`).join(" ");
    const kind = `line c${index % 5}${series.dashed === true ? " dashed" : ""}`;
    const row = frame.top + 12 + 20 * index;
    parts.push(
      `<polyline class="${kind}" points="${path}"/>`,
      `<line class="${kind}" x1="${width - frame.right + 12}" x2="${width - frame.right + 32}" y1="${row}" y2="${row}"/>`,
      `<text x="${width - frame.right + 38}" y="${row + 4}">${escaped(series.name)}</text>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(plot.title)}">
<style>${style}
</style>
${parts.join("\n")}
</svg>
`;
}

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

function scale(
  values: readonly number[],
  log: boolean,
  most: number | undefined,
  start: number,
  end: number,
): Scale {
  const high = most ?? Math.max(...values);
  if (log) {
    const low = Math.min(...values);
    const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const ticks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
    const span = Math.max(1, to - from);
    return { ticks, at: (value) => round(start + ((Math.log10(value) - from) / span) * (end - start)) };
  }
  const step = niceStep(high / 5);
  const top = Math.ceil(high / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return { ticks, at: (value) => round(start + (value / top) * (end - start)) };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

function short(value: number): string {
  return value >= 10_000 ? `${round(value / 1_000)}k` : String(round(value));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
