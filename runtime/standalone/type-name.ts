/** In JavaScript's own words; stands in for `request/type-name.ts`. */
export function typeName(value: unknown): string {
  return value === null ? "null" : typeof value;
}
