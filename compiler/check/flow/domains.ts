/**
 * Which hosts belong to one owner. Without a list of public suffixes (it is large and ages) the owner's domain is the
 * last two labels, three under the usual second levels of countries, and one more where a provider gives names to
 * its customers.
 */

const secondLevels: ReadonlySet<string> = new Set(
  "co com org net gov gob gouv ac edu ne or go gr ltd plc me nhs sch id mil ad ed lg".split(" "),
);

/** Suffixes of platforms: each customer's name below them is a stranger to the others. */
const platforms: readonly string[] = (
  "cloudfront.net elasticbeanstalk.com herokuapp.com azurewebsites.net azure-api.net cloudapp.net azurefd.net " +
  "cloudfunctions.net appspot.com run.app web.app firebaseapp.com workers.dev pages.dev github.io gitlab.io " +
  "vercel.app netlify.app onrender.com fly.dev ngrok.io ngrok.app ngrok-free.app ngrok.dev trycloudflare.com loca.lt"
).split(" ");

/** The part of a host that one owner registers: `api.eu.example.co.uk` gives `example.co.uk`; undefined for a bare suffix. */
export function ownDomain(host: string): string | undefined {
  const bare = host.toLowerCase().replace(/^\.|\.$/g, "");
  if (/^[\d.]+$|[:[]/.test(bare) || bare === "localhost") return bare;
  const labels = bare.split(".");
  const [second = "", top = ""] = labels.slice(-2);
  const platform = platforms.find((suffix) => bare === suffix || bare.endsWith(`.${suffix}`));
  const suffixLabels = platform
    ? platform.split(".").length
    : top.length === 2 && secondLevels.has(second)
      ? 2
      : 1;
  return labels.length > suffixLabels ? labels.slice(-suffixLabels - 1).join(".") : undefined;
}

/** Domains that one name tells apart from strangers: `zoho.com` and `zoho.eu`, `github.com` and `githubusercontent.com`. */
export function areAlike(a: string, b: string): boolean {
  const [one = "", other = ""] = [a.split(".")[0], b.split(".")[0]].sort(
    (x = "", y = "") => x.length - y.length,
  );
  return one === other || (one.length >= 4 && other.startsWith(one));
}

/** Hosts that never leave the machine. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase();
  return (
    bare === "localhost" ||
    bare.endsWith(".localhost") ||
    bare === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(bare)
  );
}
