/** Headers that are the client's own: a browser's, a proxy's, a tracer's. No call has to say them. */
const own = new Set([
  ...[
    "accept",
    "accept-encoding",
    "accept-language",
    "accept-charset",
    "user-agent",
    "referer",
    "origin",
    "host",
  ],
  ...[
    "connection",
    "keep-alive",
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "te",
  ],
  ...[
    "cookie",
    "cookie2",
    "dnt",
    "pragma",
    "cache-control",
    "upgrade",
    "upgrade-insecure-requests",
    "priority",
  ],
  ...[
    "range",
    "purpose",
    "x-purpose",
    "x-requested-with",
    "x-client-data",
    "traceparent",
    "tracestate",
    "baggage",
  ],
  ...[
    "sentry-trace",
    "newrelic",
    "x-request-id",
    "x-correlation-id",
    "x-amzn-trace-id",
    "x-forwarded-for",
    "via",
  ],
  ...[
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "forwarded",
    "expect",
    "trailer",
    "save-data",
    "from",
  ],
  ...["x-amz-date", "x-amz-content-sha256", "date", "last-event-id", "postman-token", "authorization"],
]);

export function isOwnHeader(name: string): boolean {
  return (
    own.has(name) ||
    /^(?:sec-|if-|proxy-|access-control-|x-b3-|x-datadog-|x-nr-|viewport-|device-|downlink|ect$|rtt$)/.test(
      name,
    )
  );
}
