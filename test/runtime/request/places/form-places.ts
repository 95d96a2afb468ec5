import { keyed, keyOf, listed, type Places } from "./place.ts";

const refuses = /\p{Cs}/u;
const ends = /[&=\s]/;
const inForm = (type: string, more = ""): string =>
  `endpoint: /f\nmethod: POST\ncontent_type: form\nparameters: [{ name: v, location: body, field_type: ${type}${more} }]`;

/** Lists and maps in a form. */
export const formPlaces: Places = {
  "list of a form, its name repeated": {
    fields: inForm("array"),
    given: listed,
    heard: ({ form }) => (form.getAll("v")[1] === "z" && form.size === 2 ? form.getAll("v")[0] : undefined),
    refuses,
    ends,
  },
  "list of a form, in brackets": {
    fields: inForm("array", ", style: deepObject"),
    given: listed,
    heard: ({ form }) =>
      form.getAll("v[]")[1] === "z" && form.size === 2 ? form.getAll("v[]")[0] : undefined,
    refuses,
    ends,
  },
  "map of a form": {
    fields: inForm("object"),
    given: (value) => ({ k: value }),
    heard: ({ form }) => (form.size === 1 ? form.get("v[k]") : undefined),
    refuses,
    ends,
  },
  "key of a map of a form": {
    fields: inForm("object"),
    given: keyed,
    heard: ({ form }) => /^v\[([^[\]]*)\]$/.exec(keyOf([...form]) ?? "")?.[1],
    refuses: /\p{Cs}|[[\]]/u,
    ends,
  },
};
