/** Lists whose pages do not fit together. */
import { json, type Reply } from "../../../runtime/testing/index.ts";
import { everywhere, type Fault, type Scene, type Sight } from "../fault.ts";

type Page = (scene: Scene) => Reply;

/** A page with the records of these ids and the next one's URL. */
const page =
  (ids: readonly number[], next: string): Page =>
  ({ origin }) =>
    json({ items: ids.map((id) => ({ id })), next: next.startsWith("/") ? `${origin}${next}` : next });

const paged = (name: string, pages: readonly Page[], seen: Sight, todo: string): Fault => ({
  name,
  paged: true,
  at: ["operation", "operation after a chain"],
  answers: (scene) => pages.map((one) => one(scene)),
  seen: everywhere(seen),
  todo,
});

export const pageFaults: readonly Fault[] = [
  paged(
    "the same next page again and again",
    [page([1], "/x?p=2"), page([2], "/x?p=2")],
    { code: "pagination_loop", retryable: false },
    "Check `pagination` in the descriptor. `error.cursor` is where reading stopped",
  ),
  {
    ...paged(
      "a next page on another host",
      [],
      { code: "destination_blocked", retryable: false },
      "If the host is right, name it under `allowed_hosts`",
    ),
    answers: (scene) => [page([1], `${scene.healthy.origin}/steal`)(scene)],
    also: ({ healthy }) => (healthy.times("/steal") > 0 ? ["the next page was asked for"] : []),
  },
  paged(
    "records that move between pages",
    [page([1, 2], "/x?p=2"), page([2, 3], "/x?p=3"), page([4], "/x?p=4")],
    { code: "pagination_inconsistent", retryable: true },
    "Read again, or sort by something stable. `error.cursor` is where reading stopped",
  ),
];
