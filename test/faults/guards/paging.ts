/** Reading page after page. */
import type { Guard } from "../guard.ts";

export const pagingGuards: readonly Guard[] = [
  {
    name: "the loop of pages",
    file: "runtime/paginate/read-pages.ts",
    from: "if (this.#course.goesRound) throw loop(this.#cursor());",
    to: "",
    test: "test/runtime/paginate/misbehaviour.test.ts",
    only: "is a loop before its page is read again",
  },
  {
    name: "records that come twice",
    file: "runtime/paginate/primary-keys.ts",
    from: "if (!seen.addAll()) throw",
    to: "if (0 > 1) throw",
    test: "test/runtime/paginate/misbehaviour.test.ts",
    only: "are noticed where one is inserted",
  },
  {
    name: "the end of pages in silence",
    file: "runtime/paginate/ends.ts",
    from: "if (hasMore(rules, page) === true)",
    to: "if (0 > 1)",
    test: "test/runtime/paginate/misbehaviour.test.ts",
    only: "is no silent end",
  },
  {
    name: "pages ahead of the consumer",
    file: "runtime/paginate/page-reading.ts",
    from: "rest: operation.side_effecting ? 0 : 1",
    to: "rest: operation.side_effecting ? 0 : 2",
    test: "test/runtime/paginate/ahead.test.ts",
    only: "the next one is asked for, and none after it",
  },
  {
    name: "pages that nobody wants any more",
    file: "runtime/paginate/read-pages.ts",
    from: "this.#ahead.stop();",
    to: "",
    test: "test/runtime/paginate/ahead.test.ts",
    only: "ends when the reader stops",
  },
  {
    name: "the parameters of a cursor",
    file: "runtime/paginate/page-cursor.ts",
    from: "if (mark !== owner.mark)",
    to: "if (0 > 1)",
    test: "test/runtime/paginate/cursors.test.ts",
    only: "leads nowhere with",
  },
  {
    name: "secrets in cursors",
    file: "runtime/paginate/veil.ts",
    from: "cover = (json) => needles.reduce(coverOne, json);",
    to: "cover = (json) => json;",
    test: "test/runtime/paginate/cursors.test.ts",
    only: "a secret parameter that the server echoes",
  },
];
