import type { Profile, Step, StepValue } from "../../schema/ir.ts";
import type { Core } from "../core.ts";
import { ConnectorError } from "../errors.ts";
import type { Awaitable } from "../ports.ts";
import type { Scope, Values } from "../request/scope.ts";
import { type Credentials, extractKey, noCredentials } from "./credentials.ts";
import type { FieldSource } from "./field-source.ts";
import type { CredentialHolder } from "./holder.ts";
import { givenToken } from "./holder.ts";
import { compileStepKey, type StepKey } from "./step-key.ts";
import type { Obtained, StepEntry } from "./step-store.ts";

/** What a chain or a token grant of one connection needs. */
export interface StepHolderOptions {
  readonly core: Core;
  readonly profile: Profile;
  readonly steps: readonly Step[];
  readonly token: StepValue;
  readonly source: FieldSource;
  readonly owner: { readonly tenant: string; readonly slug: string };
  /** The scope in which a step's templates are read. */
  readonly scope: (credentials: Credentials) => Scope;
  /** Makes the call of one step and reads its values. */
  readonly run: (step: Step, credentials: Credentials) => Promise<Obtained>;
}

interface Planned {
  readonly step: Step;
  readonly key: StepKey;
}

interface Walk {
  readonly credentials: Credentials;
  readonly entries: readonly StepEntry[];
}

interface WalkOptions {
  /** Values past their renewal time are renewed. */
  readonly ahead: boolean;
  /** Earlier failures are not waited out. */
  readonly insist: boolean;
}

/** Credentials that steps make: each cached by itself, renewed ahead of its end, one refresh for all callers. */
export class StepHolder implements CredentialHolder {
  readonly #options: StepHolderOptions;
  readonly #steps: readonly Planned[];
  #walk: Walk | undefined;
  #walking: Promise<Credentials> | undefined;
  #renewing: Promise<Credentials | undefined> | undefined;
  #refusedFields: Values | undefined;
  #nextAhead = 0;
  /** The fullest set so far, failed walks included. */
  #seen: Credentials | undefined;

  constructor(options: StepHolderOptions) {
    this.#options = options;
    this.#steps = options.steps.map((step, at) => ({
      step,
      key: compileStepKey(step, options.steps.slice(0, at), options.owner, options.core.keyring),
    }));
  }

  current(): Awaitable<Credentials> {
    const now = this.#options.core.clock.now();
    const held = this.#walk?.credentials;
    if (held && now < held.renewAt) return held;
    if (held && now < held.until) {
      // The old value serves while the new one is fetched behind.
      if (!this.#walking && now >= this.#nextAhead)
        this.#start({ ahead: true, insist: false }).catch(() => this.#delayAhead());
      return held;
    }
    return this.#start({ ahead: false, insist: false });
  }

  peek(): Credentials | undefined {
    return this.#seen;
  }

  renew(refused: Credentials): Promise<Credentials | undefined> {
    const held = this.#walk?.credentials;
    if (held && held !== refused && this.#options.core.clock.now() < held.until) return Promise.resolve(held);
    this.#renewing ??= this.#renewLast(refused).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  rejected(refused: Credentials): void {
    this.#refusedFields = refused.fields;
  }

  async #renewLast(refused: Credentials): Promise<Credentials | undefined> {
    // A token that the user gave has no step that could give another.
    if (this.#walk?.credentials === refused && this.#walk.entries.length === 0)
      return this.#replaceFields(refused);
    const last = this.#steps.at(-1);
    const entry = this.#walk?.entries.at(-1);
    if (last && entry && this.#walk?.credentials === refused) {
      await this.#options.core.steps.drop(last.key(this.#scopeBefore(refused, last.step)), entry);
    }
    this.#walk = undefined;
    return this.#start({ ahead: false, insist: true });
  }

  async #replaceFields(refused: Credentials): Promise<Credentials | undefined> {
    const fields = await this.#options.source.replace(refused.fields);
    if (!fields) return undefined;
    this.#walk = undefined;
    return this.#start({ ahead: false, insist: true });
  }

  #start(options: WalkOptions): Promise<Credentials> {
    this.#walking ??= this.#resolve(options).finally(() => {
      this.#walking = undefined;
    });
    return this.#walking;
  }

  async #resolve(options: WalkOptions): Promise<Credentials> {
    const { source } = this.#options;
    const refusedFields = this.#refusedFields;
    this.#refusedFields = undefined;
    const fields = (refusedFields && (await source.replace(refusedFields))) || (await source.current());
    try {
      return await this.#adopt(fields, options);
    } catch (thrown) {
      // What the user's function gave before was refused at the source: it may have something newer.
      const replaced = isRefusal(thrown) ? await source.replace(fields) : undefined;
      if (!replaced) throw thrown;
      return this.#adopt(replaced, { ...options, insist: true });
    }
  }

  async #adopt(fields: Values, options: WalkOptions): Promise<Credentials> {
    const given = givenToken(this.#options.profile, fields);
    const walk =
      given === undefined
        ? await this.#walkSteps(fields, options)
        : { credentials: { ...noCredentials, fields, token: given }, entries: [] };
    this.#walk = walk;
    this.#seen = walk.credentials;
    return walk.credentials;
  }

  /** Walks the steps in order. A step that is refused with a cached input has the giver repeated, once. */
  async #walkSteps(fields: Values, options: WalkOptions): Promise<Walk> {
    const began = this.#options.core.clock.now();
    const entries: StepEntry[] = [];
    let repeated = false;
    for (let at = 0; at < this.#steps.length; ) {
      const planned = this.#steps[at];
      if (!planned) break;
      const before = this.#assemble(fields, entries);
      this.#seen = before;
      try {
        entries[at] = await this.#entry(planned, before, repeated ? { ...options, insist: true } : options);
        at++;
      } catch (thrown) {
        const giver =
          repeated || !isRefusal(thrown) ? undefined : this.#cachedGiver(planned.step, entries, began);
        if (giver === undefined) throw thrown;
        repeated = true;
        await this.#forget(giver, entries, fields);
        entries.length = giver;
        at = giver;
      }
    }
    return { credentials: this.#assemble(fields, entries), entries };
  }

  #entry({ step, key }: Planned, before: Credentials, options: WalkOptions): Awaitable<StepEntry> {
    const { core, scope, run } = this.#options;
    const stateKey = key(scope(before));
    return core.steps.get({
      key: stateKey,
      obtain: () => run(step, before),
      ahead: options.ahead,
      insist: options.insist,
    });
  }

  /** The earliest step whose value this one reads and that was at hand before this walk began. */
  #cachedGiver(step: Step, entries: readonly StepEntry[], began: number): number | undefined {
    const givers = new Set(step.inputs.flatMap((symbol) => (symbol.kind === "extract" ? [symbol.step] : [])));
    const at = this.#steps.findIndex(
      (planned, index) => givers.has(planned.step.name) && (entries[index]?.obtainedAt ?? began) < began,
    );
    return at < 0 ? undefined : at;
  }

  async #forget(at: number, entries: readonly StepEntry[], fields: Values): Promise<void> {
    const planned = this.#steps[at];
    const entry = entries[at];
    if (!planned || !entry) return;
    const before = this.#assemble(fields, entries.slice(0, at));
    await this.#options.core.steps.drop(planned.key(this.#options.scope(before)), entry);
  }

  #scopeBefore(credentials: Credentials, step: Step): Scope {
    const at = this.#steps.findIndex((planned) => planned.step === step);
    return this.#options.scope(this.#assemble(credentials.fields, (this.#walk?.entries ?? []).slice(0, at)));
  }

  #assemble(fields: Values, entries: readonly StepEntry[]): Credentials {
    const { token, profile } = this.#options;
    const extracts = new Map<string, unknown>();
    const oauth = new Map<string, unknown>();
    let renewAt = Number.POSITIVE_INFINITY;
    let until = Number.POSITIVE_INFINITY;
    for (const [at, entry] of entries.entries()) {
      for (const [name, value] of entry.values) {
        extracts.set(extractKey(this.#steps[at]?.step.name ?? "", name), value);
        if (profile.source.kind === "oauth2") oauth.set(name, value);
      }
      renewAt = Math.min(renewAt, entry.renewAt);
      until = Math.min(until, entry.until);
    }
    return {
      fields,
      extracts,
      oauth,
      token: extracts.get(extractKey(token.step, token.name)),
      renewAt,
      until,
    };
  }

  /** After a failed renewal ahead of time the next waits for the shared back-off. */
  #delayAhead(): void {
    const { core } = this.#options;
    this.#nextAhead = core.clock.now() + 1000;
    const entries = this.#walk?.entries ?? [];
    const last = this.#steps[entries.length - 1];
    if (last && this.#walk) {
      const at = core.steps.retryTime(last.key(this.#scopeBefore(this.#walk.credentials, last.step)));
      this.#nextAhead = Math.max(this.#nextAhead, Math.min(at, this.#walk.credentials.until));
    }
  }
}

/** The server refused what was sent to it, rather than failed. */
function isRefusal(thrown: unknown): boolean {
  return (
    ConnectorError.is(thrown) &&
    (thrown.details?.refused === true || thrown.status === 401 || thrown.status === 403)
  );
}
