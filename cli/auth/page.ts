/** What the browser shows when it comes back: plain pages without scripts, which nobody may frame, keep or refer from. */

export interface Page {
  readonly status: number;
  readonly html: string;
}

/** Every answer of the listener. */
export const pages: Readonly<
  Record<"done" | "failed" | "foreign" | "used" | "unknown" | "method" | "host", Page>
> = {
  done: page(200, "Signed in", "You may close this window and go back to the terminal."),
  failed: page(400, "Not signed in", "The terminal says why. You may close this window."),
  foreign: page(
    400,
    "Not this login",
    "This address belongs to another login. Begin again from the terminal.",
  ),
  used: page(409, "Used already", "This login has come back before. You may close this window."),
  unknown: page(404, "Nothing here", "This program waits for the end of a login at another address."),
  method: page(405, "Not allowed", "Only GET is taken here."),
  host: page(421, "Wrong host", "This program does not answer for the host that was named."),
};

/** Headers of every page. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // The address holds a code: it goes to nobody, and stays nowhere.
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  connection: "close",
};

/** The texts are this program's own: nothing of a request stands in a page. */
function page(status: number, title: string, text: string): Page {
  return {
    status,
    html: `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n</html>\n`,
  };
}
