/** Credentials live in closures of a standalone client, without a type of their own; stands in for `secret.ts`. */
export function reveal(value: unknown): unknown {
  return value;
}
