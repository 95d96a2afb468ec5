/** The faults that the harness owes, each with the entries of the families that make it. */
import { processFaults } from "./families/process.ts";
import { families } from "./families.ts";
import { anyPlace, isForHttp2, type Place, type Told } from "./fault.ts";

export interface Demand {
  /** Names of entries; it is made in all places of theirs. */
  readonly made: readonly string[];
  /** Why it is not made without credentials, or not behind a chain. */
  readonly except?: string;
}

const by = (...made: readonly string[]): Demand => ({ made });

export const matrix: Readonly<Record<string, Demand>> = {
  "connect refused": by("connection refused"),
  "black hole": by("a host that drops packets"),
  NXDOMAIN: by("a name that is not there (NXDOMAIN)"),
  "temporary DNS failure": by("a name server that fails once (EAI_AGAIN)"),
  rebinding: by(
    "a name that leads elsewhere the second time (rebinding)",
    "a name that leads to a private address",
  ),
  "self-signed TLS": by("a self-signed certificate"),
  "expired TLS": by("an expired certificate"),
  "wrong-host TLS": by("a certificate for another host"),
  "stalled handshake": by("a TLS handshake that stalls"),
  "stale keep-alive socket": by(
    "a kept connection that the server has just closed",
    "a kept connection past the time that the server keeps it",
  ),
  "reset before headers": by(
    "a reset before the head of the answer",
    "a reset before the head of the answer, once",
    "an end before the head of the answer",
  ),
  "reset in headers": by("a reset in the head of the answer"),
  "reset mid-body": by("a reset in the body", "a reset in the body, once"),
  "truncated chunked body": by("a chunked body that stops midway"),
  "truncated close-delimited body": by(
    "a body of no announced length that stops midway",
    "a body of no announced length that stops midway, once",
  ),
  "wrong Content-Length": by(
    "a body shorter than its Content-Length",
    "a body longer than its Content-Length",
  ),
  "slow headers": by("a head that comes byte by byte"),
  "slow-drip body": by(
    "a body that comes byte by byte, too slowly",
    "a body that comes byte by byte, in time",
  ),
  "stall after headers": by("a body that does not follow its head"),
  "gzip bomb": by("a gzip bomb", "a small body that expands by more than 100:1"),
  "corrupt gzip": by("corrupt gzip", "gzip that stops midway"),
  "endless body": by(
    "an endless body",
    "a body over the limit, announced",
    "a body over the limit, compressed",
  ),
  "64 KiB headers": by("more than 64 KiB of headers"),
  "429 with seconds, date, absurd values": by(
    "429 with `Retry-After` in seconds",
    "429 with `Retry-After` as a date",
    "429 with a `Retry-After` that makes no sense",
    "429 with a `Retry-After` past the deadline",
  ),
  "503 twice then 200": by("503 twice, then an answer"),
  "500 always": by("500 always"),
  "200 with an error body": by("200 with an error in the body"),
  "invalid JSON": by("a body that is not JSON"),
  "HTML with 200": by("HTML with status 200"),
  "wrong charset": by("bytes that are not the charset they claim"),
  "redirect to another origin": by("a redirect to another origin"),
  "redirect to loopback": by("a redirect to loopback"),
  "repeated cursor": by("the same next page again and again"),
  "next link to another host": by("a next page on another host"),
  "items that change between pages": by("records that move between pages"),
  "401 once": by("401 once"),
  "401 always": by("401 always", "401 always, with a credential that can be renewed"),
  "token endpoint 500": by("a token endpoint that fails (500)", "a refresh that fails once (503)"),
  "token endpoint `invalid_grant`": by(
    "a token endpoint that refuses (400)",
    "a refresh token that is refused (`invalid_grant`)",
  ),
  "token endpoint slow": by(
    "a token endpoint that does not answer",
    "a token endpoint that is slow, in time",
  ),
  "rotation with revocation": {
    made: ["refresh tokens of one use, whose second use ends the consent"],
    except: "a chain has no refresh token",
  },
  "odd or missing `expires_in`": by(
    "a token with no `expires_in`",
    "a token with `expires_in` as text",
    "a token with `expires_in` of 0",
    "a token with `expires_in` of -1",
    "a token with `expires_in` that is no number",
    "a token with `expires_in` of a thousand years",
  ),
  "clock skew": by(
    "a token endpoint whose clock is ten minutes slow",
    "a token endpoint whose clock is ten minutes fast",
  ),
  "state store down": by(
    "a state store that is gone",
    "a state store that is gone, where a refresh token is needed",
    "a state store that was gone and is back",
  ),
  "state store hanging": by(
    "a state store that hangs",
    "a state store that hangs, where a refresh token is needed",
  ),
  "state store failing over": by(
    "a state store that forgets between calls (flush, failover)",
    "a state store that fails over while a token is fetched",
    "a state store that takes what it is given and loses its answers",
  ),
  "SIGKILL while holding the refresh lock": {
    made: ["SIGKILL of the process that refreshes"],
    except: "only a refresh holds the lock",
  },
  "SIGTERM mid-call": by("SIGTERM in the middle of a call, where the host closes the runtime"),
  "full disk": by("a full disk under the file store"),
  EMFILE: by("no free file descriptor (EMFILE)"),
  "blocked loop": by("an event loop that is blocked", "an event loop that is blocked past the deadline"),
  "abort at every await": by("an abort by the caller, at any moment"),
};

interface Entry extends Told {
  readonly http2: boolean;
}

/** The entries that make it; throws where there is none of that name. */
export function entriesOf({ made }: Demand): Entry[] {
  const faults = Object.values(families).flat();
  return made.map((name) => {
    const fault = faults.find((one) => one.name === name);
    const told = fault ?? processFaults.find((one) => one.name === name);
    if (!told) throw new Error(`no fault is named ${name}`);
    return { ...told, http2: fault !== undefined && isForHttp2(fault) };
  });
}

export function placesOf(demand: Demand): ReadonlySet<Place> {
  return new Set(entriesOf(demand).flatMap(({ at = anyPlace }) => at));
}
