/** Prefixes that name an issued key, with the least length of what follows. */
const issued: readonly (readonly [RegExp, string])[] = [
  [/\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,}/, "a Stripe key"],
  [/\bwhsec_[0-9A-Za-z]{24,}/, "a Stripe webhook secret"],
  [/\bgh[pousr]_[0-9A-Za-z]{30,}/, "a GitHub token"],
  [/\bgithub_pat_[0-9A-Za-z_]{30,}/, "a GitHub token"],
  [/\bglpat-[0-9A-Za-z_-]{20,}/, "a GitLab token"],
  [/\bxox[abeoprs]-[0-9A-Za-z-]{10,}/, "a Slack token"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "an AWS access key"],
  [/\bAIza[0-9A-Za-z_-]{35}/, "a Google API key"],
  [/\bya29\.[0-9A-Za-z_-]{20,}/, "a Google access token"],
  [/\bSG\.[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{20,}/, "a SendGrid key"],
  [/\bsk-(?:ant-|proj-)?[0-9A-Za-z_-]{24,}/, "an API key"],
  [/\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/, "a Shopify token"],
  [/\bnpm_[0-9A-Za-z]{36}/, "an npm token"],
  [/\bdop_v1_[0-9a-f]{64}/, "a DigitalOcean token"],
  [/\bATATT[0-9A-Za-z_=-]{40,}/, "an Atlassian token"],
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, "a private key"],
  [/\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}/, "a signed token"],
];

/** No text that is shorter is taken for a secret: Slack's are the shortest issued keys. */
export const shortestSecret = 15;

/** What any of them holds. Most texts have no such word, and the pattern of them all takes long to make and to run. */
const longWord = /[\w.=-]{15}|-----B/;

const anyIssued = new RegExp(issued.map(([form]) => form.source).join("|"));

/** An issued key in a text, and whose it is. */
export function issuedKey(text: string): { readonly text: string; readonly what: string } | undefined {
  if (text.length < shortestSecret || !longWord.test(text) || !anyIssued.test(text)) return undefined;
  for (const [form, what] of issued) {
    const found = form.exec(text);
    if (found) return { text: found[0], what };
  }
  return undefined;
}

/** `ghp_xxxxxxxx…`, `sk_live_your_key_here`: shown to say what a key looks like. */
export function isPlaceholder(text: string): boolean {
  if (text.startsWith("-----")) return false;
  const body = text.replace(/^[A-Za-z]+[_.-](?:live_|pat_|v1_)?/, "");
  return (
    new Set(body.toLowerCase().replace(/[^a-z0-9]/g, "")).size < 6 ||
    /x{6}|1234567|abcdef|example|your|sample|placeholder|123e4567|550e8400/i.test(text) ||
    /^(?:[a-z]{1,12}[-_.])+[a-z]{0,12}\d{0,4}$/i.test(text)
  );
}

/** A long word of mixed letters and digits without holes, of high entropy. */
export function looksRandom(text: string, least = 24, bits = 3.7): boolean {
  for (const [word] of text.replace(/\{[^{}]*\}/g, " ").matchAll(/[A-Za-z0-9+/_=-]+/g)) {
    if (word.length < least || !/\d/.test(word) || !/[A-Za-z]/.test(word)) continue;
    if (/^[\w.-]+\/[\w.+-]+$/.test(word) || isPlaceholder(word) || isCompound(word)) continue;
    if (entropy(word) > bits) return true;
  }
  return false;
}

/** `base64url-encoded`, `rfc7636-style`: words of small letters, of which one may end in a number. */
function isCompound(word: string): boolean {
  return /^[a-z]+(?:\d{1,4}[a-z]{0,4})?(?:-[a-z]+)+$/.test(word);
}

/** Shannon entropy, bits a character. */
function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const char of word) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / word.length) * Math.log2(count / word.length),
    0,
  );
}
