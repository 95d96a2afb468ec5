import { spawn } from "node:child_process";
import type { World } from "../world.ts";

/** True for an address that a browser may be sent to: https, or a server on this machine. */
export function mayOpen(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return (
    protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname))
  );
}

/**
 * Opens an address in the user's browser; false where no program for it could be started. The address is one argument
 * of a program, never a part of a command line.
 */
export function openBrowser(address: string, env: World["env"]): Promise<boolean> {
  // As the platform writes it: no character is left that a launcher could read otherwise.
  const { href } = new URL(address);
  const [program, ...args] = launcher(process.platform, href);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...env },
      stdio: "ignore",
      detached: true,
      windowsHide: true,
    });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

function launcher(platform: NodeJS.Platform, href: string): readonly [string, ...string[]] {
  if (platform === "darwin") return ["open", href];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", href];
  return ["xdg-open", href];
}
