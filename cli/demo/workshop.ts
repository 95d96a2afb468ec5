import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { emitTypeScript } from "../../compiler/emit/typescript/index.ts";
import { compile, type Diagnostic } from "../../compiler/index.ts";
import type { Connector } from "../../schema/ir.ts";

/** A shipped descriptor, read and judged. */
export interface Judged {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly ir: Connector | undefined;
}

/** Reads and compiles a descriptor of `descriptors/`; `edit` may change its text first. */
export async function judge(slug: string, edit: (text: string) => string = (text) => text): Promise<Judged> {
  const file = new URL(`../../descriptors/${slug}/connector.yaml`, import.meta.url);
  const text = edit(await readFile(file, "utf8"));
  const { ir, diagnostics } = await compile(text);
  return { text, diagnostics, ir };
}

/** A client as it was built, loaded. */
export interface BuiltClient {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** What its `index.ts` exports. */
  readonly module: Readonly<Record<string, unknown>>;
}

/** A temporary folder in which clients are built. */
export interface Workshop {
  build(ir: Connector): Promise<BuiltClient>;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** Makes the folder. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "connector-demo-"));
  return {
    build: async (ir) => {
      const files = await emitTypeScript(ir);
      for (const { path, text } of files) await put(join(folder, path), text);
      const index = files.find(({ path }) => path.endsWith("/index.ts"))?.path ?? "";
      return {
        files: files.map(({ path, text }) => ({ path, bytes: Buffer.byteLength(text) })),
        module: (await import(join(folder, index))) as BuiltClient["module"],
      };
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** Writes a file as it was built, but for the package's name: the demo runs on this tree, where nothing is installed. */
async function put(path: string, text: string): Promise<void> {
  const runtime = join(import.meta.dirname, "../../runtime/index.ts");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text.replaceAll('"connectorc/runtime"', JSON.stringify(runtime)));
}
