import { isIP } from "node:net";
import { type ConnectSettings, judgedLookup, refusalOf, type Target } from "./connect.ts";
import { isProxied } from "./proxy.ts";

/**
 * Why the rules would refuse a connection to the target, found out by resolving its name: no socket is opened.
 * Undefined where they would not, and where that cannot be told: behind a proxy, or where nobody answers in time.
 */
export function judgeAhead(target: Target, settings: ConnectSettings): Promise<string | undefined> {
  // An address in the URL was judged with its origin.
  if (isIP(target.host) !== 0 || isProxied(settings.proxy, target.host, target.port))
    return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const timer = settings.clock.timer(settings.timeoutMs, () => resolve(undefined));
    judgedLookup(target, settings)(target.host, { all: true }, (error) => {
      timer.cancel();
      resolve(error ? refusalOf(error)?.message : undefined);
    });
  });
}
