/** Which origins a person has approved for a profile's credentials. Holds no secret, so that a call reads it without a key. */
import { ConnectorError } from "../../runtime/errors.ts";
import { prepareFolder, readWhole, replaceWhole } from "../../runtime/state/file-disk.ts";
import { CommandFailure } from "../failure.ts";

/** Whose credentials an approval is about. */
export interface Subject {
  readonly connector: string;
  readonly profile: string;
  /** The connection file, absolute; empty where there is none. */
  readonly connection: string;
  /** The identity that the connection states, as JSON. */
  readonly identity: string;
}

export interface Approval extends Subject {
  readonly origins: readonly string[];
  /** ISO 8601. */
  readonly approvedAt: string;
}

const format = "connectorc-approvals";

/** The approvals beside a store; none where the file is missing. One that others may write is refused: they could approve. */
export async function readApprovals(storePath: string): Promise<readonly Approval[]> {
  const path = pathOf(storePath);
  const found = await inWords(() => readWhole(path));
  if (found === undefined) return [];
  const approvals = parse(found.text);
  if (approvals) return approvals;
  throw new CommandFailure(
    `${path} is no list of approvals of this program; move it away, and approve anew with \`connector auth login\``,
  );
}

export function findApproval(approvals: readonly Approval[], subject: Subject): Approval | undefined {
  return approvals.find((one) => isSame(one, subject));
}

/** Puts an approval in the place of the one before, or takes it away. */
export async function writeApproval(
  storePath: string,
  subject: Subject,
  origins: readonly string[] | undefined,
): Promise<void> {
  const others = (await readApprovals(storePath)).filter((one) => !isSame(one, subject));
  const approvals =
    origins === undefined
      ? others
      : [...others, { ...subject, origins, approvedAt: new Date().toISOString() }];
  const path = pathOf(storePath);
  const text = `${JSON.stringify({ format, version: 1, approvals }, undefined, 1)}\n`;
  await inWords(async () => {
    await prepareFolder(path);
    await replaceWhole(path, text, true, () => undefined);
  });
}

/** What the disk refuses is the user's to mend. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw ConnectorError.is(error) ? new CommandFailure(error.message) : error;
  }
}

function pathOf(storePath: string): string {
  return `${storePath}.approvals`;
}

function isSame(one: Subject, other: Subject): boolean {
  return (
    one.connector === other.connector &&
    one.profile === other.profile &&
    one.connection === other.connection &&
    one.identity === other.identity
  );
}

function parse(text: string): readonly Approval[] | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(data) || data.format !== format || data.version !== 1 || !Array.isArray(data.approvals))
    return undefined;
  return data.approvals.every(isApproval) ? data.approvals : undefined;
}

function isApproval(value: unknown): value is Approval {
  return (
    isObject(value) &&
    [value.connector, value.profile, value.connection, value.identity, value.approvedAt].every(
      (part) => typeof part === "string",
    ) &&
    Array.isArray(value.origins) &&
    value.origins.every((origin) => typeof origin === "string")
  );
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
