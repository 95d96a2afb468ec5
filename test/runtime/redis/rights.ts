/** The rights that docs/fleet.md gives to a user, as the page says them. */
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

const page = readFileSync(new URL("../../../docs/fleet.md", import.meta.url), "utf8");
const [, single = "", cluster = ""] =
  /An ACL user needs\s+`([^`]+)`,\s+and for a cluster `([^`]+)`/.exec(page) ?? [];

export const singleRights: readonly string[] = single.split(" ");
export const clusterRights: readonly string[] = [...singleRights, ...cluster.split(" ")];

/** Makes the user `app`, who may do that and nothing else. */
export async function addUser(root: Redis, password: string, rights: readonly string[]): Promise<void> {
  await root.call("ACL", "SETUSER", "app", "reset", "on", `>${password}`, ...rights);
}
