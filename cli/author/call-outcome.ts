import { type Connection, ConnectorError } from "../../runtime/index.ts";

/** One call of an operation. */
export interface OperationCall {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** What an agent learns of a call. */
export interface CallOutcome {
  readonly ok: boolean;
  readonly data?: unknown;
  /** The beginning of what is too long to be told. */
  readonly data_text?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly status?: number };
}

const mostCharacters = 32_768;
const timeoutMs = 30_000;

/** Connects and calls; what fails is told, and nothing that is told holds one of the `secrets`. */
export async function outcomeOf(
  connect: () => Connection,
  { operation, parameters, signal }: OperationCall,
  secrets: readonly string[],
): Promise<CallOutcome> {
  try {
    const { data } = await connect().call(operation, parameters, { signal, timeoutMs });
    const shown = withoutSecrets(data instanceof Uint8Array ? `${data.length} bytes` : data, secrets);
    const text = JSON.stringify(shown) ?? "null";
    return text.length <= mostCharacters
      ? { ok: true, data: shown ?? null }
      : { ok: true, data_text: `${text.slice(0, mostCharacters)}… (${text.length} characters in all)` };
  } catch (error) {
    if (!ConnectorError.is(error)) throw error;
    const { code, message, status } = error;
    const told = String(withoutSecrets(message, secrets));
    return { ok: false, error: { code, message: told, ...(status === undefined ? {} : { status }) } };
  }
}

/** An API may give back what it was sent. */
function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string")
    return secrets.reduce((text, one) => text.replaceAll(one, "[secret]"), value);
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      String(withoutSecrets(key, secrets)),
      withoutSecrets(inner, secrets),
    ]),
  );
}
