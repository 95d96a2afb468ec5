/** Compiled code in the user's folder: ours alone, or none. */
import { chmod, mkdir, readdir, rename, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BundleCache, openBundleCache } from "../../cli/bundle-cache.ts";
import { folderWith } from "./support.ts";

const code = Buffer.from("compiled");

interface Setting {
  readonly home: string;
  readonly bundle: string;
  /** Where the cache lies. */
  readonly folder: string;
  open(build?: string): BundleCache | undefined;
}

async function setting(): Promise<Setting> {
  const home = await folderWith({ "program.cjs": "1;" });
  await mkdir(join(home, ".cache"), { mode: 0o700 });
  return {
    home,
    bundle: join(home, "program.cjs"),
    folder: join(home, ".cache", "connectorc"),
    open: (build = "one") => openBundleCache(build, { XDG_CACHE_HOME: join(home, ".cache") }),
  };
}

describe.skipIf(process.platform === "win32")("the cache of compiled code", () => {
  it("gives back what was written, from a folder that is closed to others", async () => {
    const { bundle, folder, open } = await setting();
    expect(open()?.read(bundle)).toBeUndefined();
    open()?.write(bundle, code);
    expect(open()?.read(bundle)).toEqual(code);
    const [file] = await readdir(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, String(file)))).mode & 0o777).toBe(0o600);
  });

  it("is of one build and one state of the bundle", async () => {
    const { bundle, open } = await setting();
    open()?.write(bundle, code);
    expect(open("another")?.read(bundle)).toBeUndefined();
    await utimes(bundle, 1, 1);
    expect(open()?.read(bundle)).toBeUndefined();
  });

  it("neither reads nor writes where another user could have put something", async () => {
    const spoils: Readonly<Record<string, (one: Setting) => Promise<unknown>>> = {
      "the folder is open to others": ({ folder }) => chmod(folder, 0o755),
      "others may write to the folder above": ({ home }) => chmod(join(home, ".cache"), 0o777),
      "the folder is a link": async ({ home, folder }) => {
        await rename(folder, join(home, "elsewhere"));
        await symlink(join(home, "elsewhere"), folder);
      },
    };
    for (const [what, spoil] of Object.entries(spoils)) {
      const one = await setting();
      one.open()?.write(one.bundle, code);
      await spoil(one);
      expect(one.open()?.read(one.bundle), what).toBeUndefined();
      one.open("another")?.write(one.bundle, code);
      expect(await readdir(one.folder), what).toHaveLength(1);
    }
  });

  it("follows no link to a file, and reads none that others may", async () => {
    const { home, bundle, folder, open } = await setting();
    open()?.write(bundle, code);
    const file = join(folder, String((await readdir(folder))[0]));
    await chmod(file, 0o644);
    expect(open()?.read(bundle)).toBeUndefined();
    await chmod(file, 0o600);
    await rename(file, join(home, "moved"));
    await symlink(join(home, "moved"), file);
    expect(open()?.read(bundle)).toBeUndefined();
  });

  it("is none without a folder of the user's, or by NODE_DISABLE_COMPILE_CACHE", async () => {
    const { home } = await setting();
    expect(openBundleCache("one", {})).toBeUndefined();
    expect(openBundleCache("one", { HOME: "relative", XDG_CACHE_HOME: "too" })).toBeUndefined();
    expect(openBundleCache("one", { HOME: home, NODE_DISABLE_COMPILE_CACHE: "1" })).toBeUndefined();
  });

  it("says nothing where it cannot be made", async () => {
    const { home, bundle } = await setting();
    await writeFile(join(home, "file"), "");
    const cache = openBundleCache("one", { XDG_CACHE_HOME: join(home, "file", "below") });
    expect(cache?.read(bundle)).toBeUndefined();
    expect(() => cache?.write(bundle, code)).not.toThrow();
  });

  it("removes what was written a month ago", async () => {
    const { bundle, folder, open } = await setting();
    open("old")?.write(bundle, code);
    await utimes(join(folder, String((await readdir(folder))[0])), 1, 1);
    open("new")?.write(bundle, code);
    expect(open("old")?.read(bundle)).toBeUndefined();
    expect(open("new")?.read(bundle)).toEqual(code);
  });
});
