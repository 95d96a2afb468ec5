/** Where the pages after the next one begin if all are of this length: `count` at most, and none past the total. */
export function countedPlaces(
  count: number,
  length: number,
  next: number,
  total: number | undefined,
): readonly number[] {
  if (length === 0) return [];
  const places = Array.from({ length: count }, (_, index) => next + (index + 1) * length);
  return total === undefined ? places : places.filter((place) => place < total);
}
