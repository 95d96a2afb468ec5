/** The texts of `now(format)` (schema/language/functions.ts); `wall` is Unix time in milliseconds. */
export function formatNow(wall: number, format: string): string {
  const date = new Date(wall);
  switch (format) {
    case "iso_seconds":
      return `${date.toISOString().slice(0, 19)}Z`;
    case "iso_basic":
      return `${date.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    case "date":
      return date.toISOString().slice(0, 10);
    case "http":
      return date.toUTCString();
    case "rfc2822":
      return date.toUTCString().replace("GMT", "+0000");
    case "unix":
      return String(Math.floor(wall / 1000));
    case "unix_ms":
      return String(Math.floor(wall));
    default:
      return date.toISOString();
  }
}
