import { zipSync } from "fflate";

/** A ZIP archive of these files, in their order: the same bytes for the same files, on every machine and Node. */
export function archive(files: Readonly<Record<string, string>>): Uint8Array {
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  // ZIP keeps local time and starts with this day: no zone moves it.
  return zipSync(Object.fromEntries(bytes), { level: 9, mtime: new Date(1980, 0, 1) });
}
