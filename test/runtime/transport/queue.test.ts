import { expect, it } from "vitest";
import { Queue } from "../../../runtime/transport/queue.ts";

it("serves in turn, past the places that were given up", () => {
  const queue = new Queue<number>();
  const places = [1, 2, 3, 4, 5].map((value) => queue.add(value));
  expect([0, 2, 2, 4].map((index) => places[index]?.leave())).toEqual([true, true, false, true]);
  expect([...queue.values()]).toEqual([2, 4]);
  expect([queue.take(), queue.size]).toEqual([2, 1]);
  queue.add(6);
  expect([queue.take(), queue.take(), queue.take(), queue.size]).toEqual([4, 6, undefined, 0]);
  expect(places[1]?.leave()).toBe(false);
});
