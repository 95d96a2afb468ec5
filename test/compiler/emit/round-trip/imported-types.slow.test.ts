/** Clients of imported documents compile. */
import { expect, it } from "vitest";
import { typeErrors } from "../support/type-check.ts";
import { typeErrorsOfSeven } from "../support/type-check-seven.ts";
import { built, documents } from "./imported-clients.ts";

it.runIf(documents.length > 0)(
  "clients of imported documents compile under the strictest flags of TypeScript 5.9 and 7",
  async () => {
    const all = await Promise.all(documents.map(built));
    const files = all.flatMap(({ modes }) =>
      modes.flatMap((some, at) => some.map((file) => ({ ...file, path: `mode${at}/${file.path}` }))),
    );
    expect(typeErrors(files)).toEqual([]);
    expect(await typeErrorsOfSeven(files)).toEqual([]);
  },
);
