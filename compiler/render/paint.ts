/** How the parts of a finding are dressed: with ANSI colours, or not at all. */
export type Style = "error" | "warning" | "info" | "bold" | "dim" | "blue";

export type Paint = (style: Style, text: string) => string;

const codes: { readonly [S in Style]: string } = {
  error: "1;31",
  warning: "1;33",
  info: "1;36",
  bold: "1",
  dim: "2",
  blue: "1;34",
};

export function createPaint(color: boolean): Paint {
  return (style, text) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}
