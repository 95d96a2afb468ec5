import type { OperationPlan } from "../call/operation-plan.ts";
import { type Credentials, noCredentials } from "../credentials/credentials.ts";
import type { Values } from "../request/scope.ts";
import { reveal, Secret } from "../secrets/secret.ts";
import { isPromise } from "../settled.ts";
import { createVeil, type NamedSecrets, type Veil } from "./veil.ts";

/** Waits for credentials as a call waits: within its time limit. */
export type WaitForCredentials = (held: Promise<Credentials>) => Promise<Credentials>;

/** The veil over what a server may echo in a cursor: secret parameters and credentials. */
export function veilOf(plan: OperationPlan, values: Values, wait: WaitForCredentials): Veil {
  const parameters = secretParameters(plan, values);
  let of: Credentials | undefined;
  let secrets: NamedSecrets = parameters;
  const secretsWith = (credentials: Credentials): NamedSecrets => {
    if (credentials !== of) secrets = new Map([...parameters, ...namedSecrets(credentials)]);
    of = credentials;
    return secrets;
  };
  return createVeil(
    () => secretsWith(plan.holder.peek() ?? noCredentials),
    async () => {
      const held = plan.holder.current();
      return secretsWith(isPromise(held) ? await wait(held) : held);
    },
  );
}

function secretParameters({ operation }: OperationPlan, values: Values): NamedSecrets {
  return new Map(
    operation.parameters.flatMap(({ name, secret }) =>
      secret ? named("params", name, values.get(name)) : [],
    ),
  );
}

function namedSecrets({ fields, extracts, oauth, token }: Credentials): (readonly [string, string])[] {
  const lists = { fields, extracts, oauth, token: new Map([["token", token]]) };
  return Object.entries(lists).flatMap(([list, values]) =>
    [...values].flatMap(([name, value]) => (value instanceof Secret ? named(list, name, value) : [])),
  );
}

function named(list: string, name: string, value: unknown): (readonly [string, string])[] {
  const plain = reveal(value);
  return typeof plain === "string" || typeof plain === "number" ? [[`${list}.${name}`, String(plain)]] : [];
}
