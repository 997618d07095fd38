import { Injectable, Logger } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { SecretResolver } from '../../application/secret-resolver.js';
import type { ResolvedSecret, SecretQuestion } from '../../application/secret-resolver.js';
import { SecretUnresolvable } from '../../domain/secret-errors.js';
import type { SecretCause, UnresolvedSecret } from '../../domain/secret-errors.js';
import { pathProblem } from '../../domain/secret-provider-path.js';
import type { SecretReference } from '../../domain/secret-reference.js';
import { LastKnownSecrets } from './last-known-secrets.js';
import { letsThrough, ProviderDirectory } from './provider-directory.js';
import type { ListedProvider, ProvidersInReach } from './provider-directory.js';
import { failureOf, inTime, SecretFailure, timedOut, valueIn } from './secret-source.js';
import type { FetchedSecret } from './secret-source.js';
import { FETCH_MS_MAX, SecretSources } from './secret-sources.js';

const FETCHES_AT_ONCE = 8;
/** What holds for all that a provider has, so that nobody waits for it again and again. */
const AWAY: ReadonlySet<SecretCause> = new Set([
  'timeout',
  'unreachable',
  'sealed',
  'throttled',
  'login_failed',
]);

/** What a provider gave for a path, or why it did not. */
type Outcome = FetchedSecret | SecretFailure;

/** A question and who answers it. */
interface Addressed {
  readonly question: SecretQuestion;
  /** Null where nobody may. */
  readonly provider: ListedProvider | null;
  readonly refusal: SecretFailure | null;
}

@Injectable()
export class ProviderSecretResolver extends SecretResolver {
  readonly #logger = new Logger('Secrets');

  constructor(
    private readonly directory: ProviderDirectory,
    private readonly sources: SecretSources,
    private readonly lastKnown: LastKnownSecrets,
  ) {
    super();
  }

  override async resolve(questions: readonly SecretQuestion[]): Promise<readonly (ResolvedSecret | null)[]> {
    if (questions.length === 0) return [];
    const providers = await this.directory.of(questions.map(({ tenant }) => tenant));
    const addressed = questions.map((question) => addressedTo(question, providers));
    const outcomes = await this.#fetchAll(addressed);
    const unresolved: UnresolvedSecret[] = [];
    const secrets = addressed.map((one) => {
      try {
        return this.#settle(one, outcomes);
      } catch (error) {
        if (!(error instanceof SecretFailure)) throw error;
        unresolved.push({ key: one.question.key, cause: error.why, detail: error.message });
        return null;
      }
    });
    if (unresolved.length > 0) throw new SecretUnresolvable(unresolved);
    return secrets;
  }

  override async expectAllowed(
    tenant: string | null,
    references: readonly { readonly reference: SecretReference; readonly pointer: string }[],
  ): Promise<void> {
    if (references.length === 0) return;
    await this.directory.hold();
    const providers = await this.directory.of([tenant]);
    const violations = references.flatMap(({ reference, pointer }) =>
      violationsOf({ tenant, reference, pointer }, providers),
    );
    if (violations.length > 0) throw new InvalidInput(violations);
  }

  /** Each path of each provider once, a few at a time; a provider that is away is not asked for the rest. */
  async #fetchAll(addressed: readonly Addressed[]): Promise<ReadonlyMap<string, Outcome>> {
    const wanted = new Map(
      addressed.flatMap((one) => (one.provider ? [[placeOf(one), { ...one, provider: one.provider }]] : [])),
    );
    const outcomes = new Map<string, Outcome>();
    const away = new Map<string, SecretFailure>();
    const waiting = [...wanted.entries()];
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [place, one] = next;
        const outcome = away.get(one.provider.id) ?? (await this.#fetch(one));
        if (outcome instanceof SecretFailure && AWAY.has(outcome.why)) away.set(one.provider.id, outcome);
        outcomes.set(place, outcome);
      }
    };
    await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, work));
    return outcomes;
  }

  async #fetch({ question, provider }: Addressed & { readonly provider: ListedProvider }): Promise<Outcome> {
    const source = await this.sources.of(provider);
    const signal = AbortSignal.timeout(FETCH_MS_MAX);
    const { path, version } = question.reference;
    try {
      return await inTime(source.fetch({ path, version, signal }), signal);
    } catch (error) {
      return failureOf(error, signal);
    }
  }

  /** @throws SecretFailure */
  #settle(one: Addressed, outcomes: ReadonlyMap<string, Outcome>): ResolvedSecret | null {
    const { field, onError } = one.question.reference;
    const name = `${placeOf(one)}\n${JSON.stringify(field)}`;
    const from = `${one.provider?.id} ${one.provider?.version}`;
    try {
      const outcome = one.refusal ?? outcomes.get(placeOf(one));
      if (outcome === undefined || outcome instanceof SecretFailure) throw outcome ?? timedOut();
      const secret = { value: valueIn(outcome, field), version: outcome.version, from };
      if (onError === 'stale') this.lastKnown.keep(name, secret);
      return secret;
    } catch (error) {
      if (!(error instanceof SecretFailure)) throw error;
      const known = onError === 'stale' ? this.lastKnown.recall(name) : null; // None where nobody may be asked.
      if (known === null && onError !== 'omit') throw error;
      this.#logger.warn(`${one.question.key} is ${known ? 'an older one' : 'left out'}: ${error.why}.`);
      return known && { ...known, from };
    }
  }
}

function addressedTo(question: SecretQuestion, providers: ProvidersInReach): Addressed {
  const { tenant, reference } = question;
  const provider = providers.find(tenant, reference);
  if (!provider) {
    return { question, provider, refusal: new SecretFailure('provider_unknown', unknownDetail(reference)) };
  }
  if (letsThrough(provider, tenant, reference.path)) return { question, provider, refusal: null };
  return {
    question,
    provider: null,
    refusal: new SecretFailure('path_forbidden', forbiddenDetail(provider)),
  };
}

/** Names a secret with all its fields; a provider that was changed has none of its former ones. */
const placeOf = ({ question, provider }: Addressed): string =>
  JSON.stringify([provider?.id, provider?.version, question.reference.path, question.reference.version]);

interface Asked {
  readonly tenant: string | null;
  readonly reference: SecretReference;
  readonly pointer: string;
}

function violationsOf({ tenant, reference, pointer }: Asked, providers: ProvidersInReach): Violation[] {
  const problem = pathProblem(reference.path);
  if (problem !== null) return [{ pointer, code: 'path_forbidden', detail: problem }];
  const provider = providers.find(tenant, reference);
  if (!provider) return [{ pointer, code: 'provider_unknown', detail: unknownDetail(reference) }];
  if (letsThrough(provider, tenant, reference.path)) return [];
  return [{ pointer, code: 'path_forbidden', detail: forbiddenDetail(provider) }];
}

const unknownDetail = ({ provider }: SecretReference): string =>
  provider === null ? 'There is no default secret provider.' : `There is no secret provider "${provider}".`;

const forbiddenDetail = ({ alias }: ListedProvider): string =>
  `The secret provider "${alias}" does not let this path through.`;
