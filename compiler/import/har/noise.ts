/** What of a recording is no call of an API: pages and their parts, preflights, analytics. */
import type { Exchange } from "./exchange.ts";

/** Why an entry is left out; undefined for a call. */
export function noiseOf(exchange: Exchange): string | undefined {
  const { method, url, status, resource, answer } = exchange;
  if (!methods.has(method)) return "preflights and methods that no descriptor has";
  if (analyticsHosts.test(url.hostname) || analyticsPaths.test(url.pathname)) return "analytics";
  if (status === 0) return "requests without an answer";
  if (status === 101 || resource === "websocket") return "websockets";
  if (resource !== undefined && assetResources.has(resource)) return "parts of pages";
  const media = answer?.mediaType ?? "";
  const isRead = method === "GET" || method === "HEAD";
  if (isRead && assetPaths.test(url.pathname) && !/[/+]json$/.test(media)) return "parts of pages";
  if (isRead && assetMedia.test(media) && resource !== "xhr" && resource !== "fetch") return "parts of pages";
  if (isRead && (media === "text/html" || media === "application/xhtml+xml")) return "pages";
  return undefined;
}

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

const assetResources: ReadonlySet<string> = new Set([
  ...[
    "script",
    "stylesheet",
    "image",
    "font",
    "media",
    "manifest",
    "texttrack",
    "preflight",
    "ping",
    "beacon",
  ],
  ...["csp_report", "cspviolationreport", "signedexchange", "document"],
]);
const assetPaths =
  /\.(?:js|mjs|cjs|css|map|png|jpe?g|gif|svg|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wav|m4a|mov|wasm|html?|webmanifest)$|^\/favicon\b/i;
const assetMedia =
  /^(?:image|font|audio|video)\/|^text\/(?:css|javascript)$|^application\/(?:javascript|x-javascript|ecmascript|wasm|font|x-font|vnd\.ms-fontobject|manifest)/;

/** Services that count, record and report, and that no application asks for data. */
const analyticsHosts = new RegExp(
  `(?:^|\\.)(?:${[
    ...["google-analytics\\.com", "analytics\\.google\\.com", "googletagmanager\\.com", "doubleclick\\.net"],
    ...["googlesyndication\\.com", "googleadservices\\.com", "segment\\.(?:io|com)", "mixpanel\\.com"],
    ...["amplitude\\.com", "heapanalytics\\.com", "sentry\\.io", "hotjar\\.(?:com|io)", "fullstory\\.com"],
    ...[
      "logrocket\\.(?:com|io)",
      "lr-in(?:-prod)?\\.com",
      "nr-data\\.net",
      "newrelic\\.com",
      "datadoghq(?:-browser-agent)?\\.com",
    ],
    ...["bugsnag\\.com", "rollbar\\.com", "clarity\\.ms", "bat\\.bing\\.com", "connect\\.facebook\\.net"],
    ...[
      "cloudflareinsights\\.com",
      "optimizely\\.com",
      "launchdarkly\\.com",
      "posthog\\.com",
      "statsig(?:api)?\\.(?:com|net)",
    ],
    ...["cookielaw\\.org", "onetrust\\.com", "quantserve\\.com", "scorecardresearch\\.com", "branch\\.io"],
    ...[
      "appsflyer\\.com",
      "adjust\\.com",
      "pendo\\.io",
      "intercom(?:cdn)?\\.(?:io|com)",
      "crisp\\.chat",
      "zdassets\\.com",
    ],
    ...[
      "[mr]\\.stripe\\.(?:com|network)",
      "sift(?:science)?\\.com",
      "matomo\\.cloud",
      "plausible\\.io",
      "snowplow\\w*\\.\\w+",
    ],
  ].join("|")})$`,
  "i",
);
const analyticsPaths =
  /(?:^|\/)(?:g\/collect|j\/collect|__?beacon|beacons?|rum|csp-report|reporting-endpoint|telemetry|pixel(?:\.gif)?|cdn-cgi)(?:\/|$)/i;
