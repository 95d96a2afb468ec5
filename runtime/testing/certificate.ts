import { generateKeyPairSync, sign } from "node:crypto";
import { isIPv4 } from "node:net";

export interface CertificateOptions {
  /** Host names and IPv4 addresses; `127.0.0.1` and `localhost` by default. */
  readonly hosts?: readonly string[];
  /** Unix milliseconds; a day ago by default. */
  readonly notBefore?: number;
  /** Unix milliseconds; a day from `notBefore` plus one by default. */
  readonly notAfter?: number;
}

const day = 86_400_000;

/**
 * Makes a self-signed certificate with its key, both in PEM, for `startServer({ … }, { tls })`. Clients trust it
 * when they are given `cert` as an authority.
 */
export function createCertificate(options: CertificateOptions = {}): {
  readonly key: string;
  readonly cert: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const notBefore = options.notBefore ?? Date.now() - day;
  const body = certificateBody(
    publicKey.export({ type: "spki", format: "der" }),
    options.hosts ?? ["127.0.0.1", "localhost"],
    [notBefore, options.notAfter ?? notBefore + 2 * day],
  );
  const signature = sign("sha256", body, privateKey);
  const certificate = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const base64 = certificate.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

/** TBSCertificate (RFC 5280, 4.1). */
function certificateBody(
  publicKey: Buffer,
  hosts: readonly string[],
  validity: readonly [number, number],
): Buffer {
  const name = sequence(
    der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from("connectorc test")))),
  );
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const extensions = der(0xa3, sequence(subjectAltName(hosts), basicConstraints()));
  return sequence(
    version3,
    serial,
    ecdsaWithSha256,
    name,
    sequence(...validity.map(time)),
    name,
    publicKey,
    extensions,
  );
}

/** RFC 5280, 4.2.1.6. */
function subjectAltName(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIPv4(host)
      ? der(0x87, Buffer.from(host.split(".").map(Number)))
      : der(0x82, Buffer.from(host, "latin1")),
  );
  return sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(...names)));
}

/** An authority, so that it can be trusted as one (RFC 5280, 4.2.1.9). */
function basicConstraints(): Buffer {
  return sequence(oid(0x55, 0x1d, 0x13), der(0x04, sequence(der(0x01, Buffer.from([0xff])))));
}

/** GeneralizedTime: YYYYMMDDHHMMSSZ. */
function time(at: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]|\.\d+Z/g, "")}Z`, "latin1"));
}

const ecdsaWithSha256: Buffer = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** Tag, length, content (X.690, 8.1). */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
