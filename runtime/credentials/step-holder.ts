import type { Profile, Step, StepValue } from "../../schema/ir.ts";
import type { Core } from "../core.ts";
import { ConnectorError } from "../errors.ts";
import type { Awaitable } from "../ports.ts";
import type { Scope, Values } from "../request/scope.ts";
import { reveal } from "../secrets/secret.ts";
import { type Credentials, extractKey, noCredentials } from "./credentials.ts";
import type { FieldSource } from "./field-source.ts";
import type { CredentialHolder } from "./holder.ts";
import { givenToken } from "./holder.ts";
import { givenLifeMs } from "./life.ts";
import { compileStepKey, type StepKey, symbolsIn } from "./step-key.ts";
import type { Obtained, StepEntry } from "./step-store.ts";

/** What a chain or a token grant of one connection needs. */
export interface StepHolderOptions {
  readonly core: Core;
  readonly profile: Profile;
  readonly steps: readonly Step[];
  readonly token: StepValue;
  /** True for a step whose values operations send; others serve the steps after them, and may end before those. */
  readonly isSent: (step: Step) => boolean;
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

/** How long a new token that was refused keeps others from being asked for. */
const rejectedMs = 30_000;

/** Credentials that steps make: each cached by itself, renewed ahead of its end, one refresh for all callers. */
export class StepHolder implements CredentialHolder {
  readonly #options: StepHolderOptions;
  readonly #steps: readonly Planned[];
  /** The fields that the steps are made with. */
  readonly #read: ReadonlySet<string>;
  #walk: Walk | undefined;
  #walking: Promise<Credentials> | undefined;
  #renewing: Promise<Credentials | undefined> | undefined;
  #refusedFields: Values | undefined;
  /** What was refused though it was new, and until when that stands. */
  #rejected: { readonly credentials: Credentials; readonly until: number } | undefined;
  /** A token that the user gave and the server refused: the steps give others. */
  #refusedToken: unknown;
  #nextAhead = 0;
  /** The fullest set so far, failed walks included. */
  #seen: Credentials | undefined;

  constructor(options: StepHolderOptions) {
    this.#options = options;
    this.#steps = options.steps.map((step, at) => ({
      step,
      key: compileStepKey(step, options.steps.slice(0, at), options.owner, options.core.keyring),
    }));
    this.#read = new Set(
      symbolsIn(options.steps).flatMap((symbol) => (symbol.kind === "credential" ? [symbol.key] : [])),
    );
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
    const now = this.#options.core.clock.now();
    const held = this.#walk?.credentials;
    if (held && !isSame(held, refused) && now < held.until) return Promise.resolve(held);
    const rejected = this.#rejected;
    // Another token was no better: tokens are not what is wrong, and none is asked for in a while.
    if (rejected && now < rejected.until && isSame(rejected.credentials, refused))
      return this.#replaceFields(refused);
    this.#renewing ??= this.#renewLast(refused).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  rejected(refused: Credentials): void {
    this.#refusedFields = refused.fields;
    this.#rejected = { credentials: refused, until: this.#options.core.clock.now() + rejectedMs };
  }

  async #renewLast(refused: Credentials): Promise<Credentials | undefined> {
    // What runs already may be content with the very values that were refused.
    const running = await this.#walking?.catch(() => undefined);
    if (running && !isSame(running, refused)) return running;
    const walk = this.#walk;
    // Somebody has dropped them before: whether another try is worth making is known by now.
    if (!walk || !isSame(walk.credentials, refused)) return this.#start({ ahead: false, insist: false });
    if (walk.entries.length === 0) return this.#replaceGiven(refused);
    // The step that gives the token: the last one, but for calls that follow a token call.
    const at = this.#steps.findIndex(({ step }) => step.name === this.#options.token.step);
    const last = this.#steps.at(at);
    const entry = walk.entries.at(at);
    if (last && entry)
      await this.#options.core.steps.drop(last.key(this.#scopeBefore(refused, last.step)), entry);
    this.#walk = undefined;
    return this.#start({ ahead: false, insist: true });
  }

  async #replaceFields(refused: Credentials): Promise<Credentials | undefined> {
    if (!(await this.#options.source.replace(refused.fields))) return undefined;
    this.#walk = undefined;
    return this.#start({ ahead: false, insist: true });
  }

  /** In place of a token that the user gave: one of the steps, where their fields were given too, or other fields. */
  async #replaceGiven(refused: Credentials): Promise<Credentials | undefined> {
    if (missingFor(this.#options.profile, refused.fields).length === 0)
      this.#refusedToken = reveal(refused.token);
    else return this.#replaceFields(refused);
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
    const given = this.#given(fields);
    const walk = given ? { credentials: given, entries: [] } : await this.#walkSteps(fields, options);
    this.#walk = walk;
    this.#seen = walk.credentials;
    return walk.credentials;
  }

  /** The token that the user gave, until it ends or is refused; then the steps give others, where they can. */
  #given(fields: Values): Credentials | undefined {
    const { profile, core } = this.#options;
    // What the steps read is theirs, whatever its name.
    const token = givenToken(profile, new Map([...fields].filter(([key]) => !this.#read.has(key))));
    if (token === undefined) return undefined;
    const life = givenLifeMs(reveal(fields.get("expires_at")), core.clock.wall());
    if (life !== 0 && reveal(token) !== this.#refusedToken) {
      const until = life === undefined ? Number.POSITIVE_INFINITY : core.clock.now() + life;
      return { ...noCredentials, fields, token, renewAt: until, until };
    }
    const missing = missingFor(profile, fields);
    if (missing.length > 0) throw tokenEnded(profile, missing);
    return undefined;
  }

  /** Walks the steps in order. A step that is refused with a cached input has the giver repeated, once. */
  async #walkSteps(fields: Values, options: WalkOptions): Promise<Walk> {
    const began = this.#options.core.clock.now();
    const entries: StepEntry[] = [];
    const repeated = new Set<number>();
    for (let at = 0; at < this.#steps.length; ) {
      const planned = this.#steps[at];
      if (!planned) break;
      const before = this.#assemble(fields, entries);
      this.#seen = before;
      try {
        entries[at] = await this.#entry(
          planned,
          before,
          repeated.has(at) ? { ...options, insist: true } : options,
        );
        at++;
      } catch (thrown) {
        const giver = isRefusal(thrown) ? this.#cachedGiver(planned.step, entries, began) : undefined;
        if (giver === undefined || repeated.has(giver)) throw thrown;
        // The giver, and what is refused now: each is asked again whatever was said of it before.
        repeated.add(giver).add(at);
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
    const { inputs } = step;
    const givers = new Set(inputs.flatMap((symbol) => (symbol.kind === "extract" ? [symbol.step] : [])));
    // Calls that follow a token call name its values, not the call.
    const names = new Set(inputs.flatMap((symbol) => (symbol.kind === "oauth" ? [symbol.name] : [])));
    if (inputs.some(({ kind }) => kind === "token")) names.add(this.#options.token.name);
    const gives = (giver: Step): boolean =>
      givers.has(giver.name) || giver.extract.some(({ name }) => names.has(name));
    const at = this.#steps.findIndex(
      (planned, index) => gives(planned.step) && (entries[index]?.obtainedAt ?? began) < began,
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
      const step = this.#steps[at]?.step;
      for (const [name, value] of entry.values) {
        extracts.set(extractKey(step?.name ?? "", name), value);
        if (profile.source.kind === "oauth2") oauth.set(name, value);
      }
      const isSent = step && (step.name === token.step || this.#options.isSent(step));
      if (at < this.#steps.length - 1 && !isSent) continue;
      renewAt = Math.min(renewAt, entry.renewAt);
      until = Math.min(until, entry.until);
    }
    return {
      fields,
      extracts,
      oauth,
      // Calls that follow a token call are made under the token that there is so far.
      token: extracts.get(extractKey(token.step, token.name)) ?? oauth.get(token.name),
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

/** What the steps need and the user did not give besides a token. */
function missingFor({ fields }: Profile, given: Values): string[] {
  return fields.filter(({ key, required }) => required && !given.has(key)).map(({ key }) => key);
}

function tokenEnded(profile: Profile, missing: readonly string[]): ConnectorError {
  const fields = missing.map((key) => `\`${key}\``).join(" and ");
  return new ConnectorError({
    code: "missing_credential",
    phase: "credentials",
    message: `The \`access_token\` that was given for profile "${profile.id}" has ended. Give a new one, or ${fields}, so that tokens can be obtained.`,
    details: { profile: profile.id, fields: missing, refused: true },
  });
}

/** The server refused what was sent to it, rather than failed. */
function isRefusal(thrown: unknown): boolean {
  return (
    ConnectorError.is(thrown) &&
    (thrown.details?.refused === true || thrown.status === 401 || thrown.status === 403)
  );
}

function isSame(one: Credentials, other: Credentials): boolean {
  return (
    one === other ||
    (reveal(one.token) === reveal(other.token) &&
      one.extracts.size === other.extracts.size &&
      [...one.extracts].every(([name, value]) => reveal(value) === reveal(other.extracts.get(name))))
  );
}
