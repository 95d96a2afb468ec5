/** Bounds of what is the product of two lists: each pair is data of the IR, and a few thousand of each fill any memory. */
import type { Report } from "../diagnostics.ts";
import type { Cursor } from "./cursor.ts";

/** What a connector may have so many of, and what to do where it has more. */
interface Bound {
  readonly most: number;
  readonly message: string;
  readonly help: string;
}

/** Operations by profiles, by limits, by what `defaults` and profiles give to each of them; profiles by allowed hosts and by steps. */
type Product = "ways" | "limits" | "shared" | "hosts" | "steps";

const bounds: Readonly<Record<Product, Bound>> = {
  ways: {
    most: 20_000,
    message: "With this operation there are more than 20000 pairs of an operation and a profile.",
    help: "Name fewer profiles in `auth_type_ref`, by their `profile_id`; or split the connector.",
  },
  limits: {
    most: 50_000,
    message: "With this operation there are more than 50000 pairs of an operation and a rate limit.",
    help: "Give the limits names, and choose those that apply with `rate_limit_scope`; or split the connector.",
  },
  steps: {
    most: 5_000,
    message: "With this profile there are more than 5000 pairs of a profile and a step of its chain.",
    help: "Let fewer profiles share one chain, or split the connector.",
  },
  hosts: {
    most: 50_000,
    message: "With this profile there are more than 50000 pairs of a profile and an allowed host.",
    help: "Allow whole domains, such as *.example.com; or split the connector.",
  },
  shared: {
    most: 50_000,
    message:
      "With this operation more than 50000 headers, query entries and error rules are taken over from `defaults` and profiles.",
    help: "Write fewer of them there, or split the connector.",
  },
};

/** False once there are too many, which is reported the first time: what would come next is left out. */
export type Takes = (kind: Product, count: number, at: Cursor) => boolean;

export function createBudget(report: Report): Takes {
  const taken = { ways: 0, limits: 0, shared: 0, hosts: 0, steps: 0 };
  return (kind, count, at) => {
    const { most, message, help } = bounds[kind];
    const before = taken[kind];
    taken[kind] = before + count;
    if (taken[kind] <= most) return true;
    if (before <= most) report({ rule: "file/too-large", path: at.path, message, help });
    return false;
  };
}
