import { randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createKeyring } from "../../../runtime/crypto/keyring.ts";
import { createFileState, type FileState, type FileStateOptions } from "../../../runtime/index.ts";
import { systemRandom } from "../../../runtime/random.ts";
import { createFakeClock } from "../../../runtime/testing/clock.ts";
import { stateContract } from "../../../runtime/testing/state-contract.ts";
import { folderWith } from "../../cli/support.ts";

const key = "0123456789abcdef0123456789abcdef";
const secret = (id = "s") => ({ tenant: "t", kind: "secret", id }) as const;
const lease = (id = "s") => ({ tenant: "t", kind: "lease", id }) as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function storePath(): Promise<string> {
  return join(await folderWith({}), "connectorc", "secrets.json");
}

async function open(path: string, options: Partial<FileStateOptions> = {}): Promise<FileState> {
  const state = await createFileState({ path, key, ...options });
  onTestFinished(() => state.close());
  return state;
}

describe("the file state keeps the contract", () => {
  const make = async () => {
    const clock = createFakeClock(5000);
    const state = await createFileState({ path: await storePath(), key, clock });
    return { state, clock, close: async () => state.close() };
  };
  for (const { name, run } of stateContract(make)) test(name, run);
});

describe("a file store", () => {
  test("lies in a file for its owner alone, in such a folder, and leaves nothing else behind", async () => {
    const path = await storePath();
    const state = await open(path);
    await state.compareAndSet(secret(), 0, bytes("sealed"), undefined);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(path, ".."))).toEqual(["secrets.json"]);
  });

  test("is found again by the next process, fences and lives included", async () => {
    const path = await storePath();
    const clock = createFakeClock();
    const first = await open(path, { clock });
    const fence = await first.compareAndSet(secret(), 0, bytes("one"), 1_000);
    await first.compareAndSet(secret("other"), 0, bytes("two"), undefined);
    const second = await open(path, { clock });
    expect(await second.getSecret(secret())).toEqual({ value: bytes("one"), fence });
    expect(await second.inspect()).toEqual({ limits: [], secrets: 2 });
    await clock.advance(1_001);
    expect(await second.getSecret(secret())).toBeUndefined();
    expect(await second.compareAndSet(secret(), fence ?? 0, bytes("late"), undefined)).toBeUndefined();
    expect(await second.inspect()).toEqual({ limits: [], secrets: 1 });
  });

  test("shares its leases, and tells one holder of what another did", async () => {
    const path = await storePath();
    const one = await open(path);
    const two = await open(path);
    const held = await one.lease(lease(), 60_000);
    expect(await two.lease(lease(), 60_000)).toBeUndefined();
    const told = new Promise<void>((resolve) => onTestFinished(two.subscribe(secret(), resolve)));
    await held?.release();
    await told;
    const written = new Promise<void>((resolve) => onTestFinished(two.subscribe(secret(), resolve)));
    await one.compareAndSet(secret(), 0, bytes("news"), undefined);
    await written;
    expect((await two.getSecret(secret()))?.value).toEqual(bytes("news"));
  });

  test("keeps every write of many at once", async () => {
    const path = await storePath();
    const states = await Promise.all([open(path), open(path)]);
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        states[index % 2]?.compareAndSet(secret(`s${index}`), 0, bytes(`${index}`), undefined),
      ),
    );
    expect(await states[0]?.inspect()).toEqual({ limits: [], secrets: 40 });
  });

  test("whose holder was killed midway is taken over at once", async () => {
    const path = await storePath();
    const state = await open(path);
    const folder = join(path, "..");
    // No process has this number: it is above what the system gives.
    const lock = {
      owner: "gone",
      pid: 2 ** 30,
      host: (await import("node:os")).hostname(),
      endsAt: Date.now() + 9_000,
    };
    await writeFile(`${path}.lock`, JSON.stringify(lock));
    for (const file of ["secrets.json", "secrets.json.leases"])
      await writeFile(join(folder, `.${file}.${randomUUID()}.tmp`), "half");
    expect(await state.compareAndSet(secret(), 0, bytes("one"), undefined)).toBeGreaterThan(0);
    await open(path);
    expect(await readdir(folder)).toEqual(["secrets.json"]);
  });
});

describe("a file that is not fit", () => {
  const refused = async (path: string, options: Partial<FileStateOptions> = {}) =>
    createFileState({ path, key, ...options }).then(
      () => "accepted",
      (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
    );

  test("because others may read it is refused with what to do", async () => {
    const path = await storePath();
    await open(path);
    await chmod(path, 0o644);
    expect(await refused(path)).toMatch(/^configuration: Others may read .* \(mode 644\)\. Run `chmod 600 /);
  });

  test("because its folder may be written by others is refused", async () => {
    const path = await storePath();
    await mkdir(join(path, ".."));
    await chmod(join(path, ".."), 0o777);
    expect(await refused(path)).toContain("Run `chmod go-w ");
  });

  test("because it is a link is refused", async () => {
    const path = await storePath();
    await open(path);
    const link = join(path, "..", "link.json");
    await symlink(path, link);
    expect(await refused(link)).toContain("is a symbolic link. Name the file itself.");
  });

  test.each([
    ["a cut one", (text: string) => text.slice(0, -10), "is damaged or cut off"],
    ["an empty one", () => "", "is damaged or cut off"],
    ["another program's", () => '{"accounts":[]}', "is no credential store of this program"],
    ["one of a later version", (text: string) => text.replace('"version":1', '"version":9'), "of version 9"],
    ["a changed one", (text: string) => text.replace(/"fence":\d+/, '"fence":"x"'), "is damaged."],
  ])("because it is %s is refused, and not emptied", async (_what, change, sentence) => {
    const path = await storePath();
    const state = await open(path);
    await state.compareAndSet(secret(), 0, bytes("one"), undefined);
    const text = change(await readFile(path, "utf8"));
    await writeFile(path, text);
    expect(await refused(path)).toContain(sentence);
    await expect(state.compareAndSet(secret("new"), 0, bytes("x"), undefined)).rejects.toMatchObject({
      code: "configuration",
    });
    expect(await readFile(path, "utf8")).toBe(text);
  });

  test("because another key sealed it is refused", async () => {
    const path = await storePath();
    await open(path);
    expect(await refused(path, { key: "another key, of enough characters" })).toContain(
      "was sealed with another key",
    );
    expect(await refused(path, { key: "another key, of enough characters", previous: [key] })).toBe(
      "accepted",
    );
  });

  test("because it is another store put in its place is refused while it is in use", async () => {
    const path = await storePath();
    const state = await open(path);
    const other = await storePath();
    await open(other);
    await writeFile(path, await readFile(other));
    await expect(Promise.resolve(state.getSecret(secret()))).rejects.toThrow(
      "Another store has taken the place",
    );
  });
});

describe("new keys", () => {
  test("seal every record anew, and the names of records stay", async () => {
    const path = await storePath();
    const old = await open(path);
    const before = createKeyring(old.secrets, systemRandom);
    const named = { tenant: "t", kind: "secret", id: before.digest(["grant", "ada"]) } as const;
    const context = `t\n${named.id}`;
    const fence = await old.compareAndSet(named, 0, before.seal("token", context), undefined);
    await old.compareAndSet(secret("foreign"), 0, bytes("sealed by nobody that is known"), undefined);

    const next = "fedcba9876543210fedcba9876543210";
    const rotating = await open(path, { key: next, previous: [key] });
    expect(await rotating.rotate()).toEqual({ sealed: 1, unreadable: 1 });

    const alone = await open(path, { key: next });
    const keyring = createKeyring(alone.secrets, systemRandom);
    expect(keyring.digest(["grant", "ada"])).toBe(named.id);
    const kept = await alone.getSecret(named);
    expect(kept?.fence).toBe(fence);
    expect(keyring.open(kept?.value ?? bytes(""), context)).toBe("token");
    expect(await alone.getSecret(secret("foreign"))).toBeDefined();
    await expect(createFileState({ path, key })).rejects.toThrow("was sealed with another key");
  });
});
