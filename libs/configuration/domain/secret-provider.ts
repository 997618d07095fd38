import { AggregateRoot, InvalidInput } from '#shared-kernel';
import type { Brand, Stamp, Violation } from '#shared-kernel';
import type { ProviderId } from './identity.js';
import { prefixProblem } from './secret-provider-path.js';
import { credentialOf, settingsProblems } from './secret-provider-settings.js';
import type { ProviderCredentials, ProviderSettings, Surroundings } from './secret-provider-settings.js';

/** The name by which references know a provider, for example `prod-vault`. */
export type ProviderAlias = Brand<string, 'ProviderAlias'>;

export const ALIAS = /^[a-z][a-z0-9-]*$/;
export const ALIAS_LENGTH_MAX = 63;
export const PREFIXES_MAX = 100;

export const isAlias = (text: string): boolean => text.length <= ALIAS_LENGTH_MAX && ALIAS.test(text);

/** @throws InvalidInput */
export function providerAlias(text: string): ProviderAlias {
  if (isAlias(text)) return text as ProviderAlias;
  throw InvalidInput.at(
    '/alias',
    'pattern',
    `An alias starts with a letter and has 1 to ${ALIAS_LENGTH_MAX} of a-z 0-9 -`,
  );
}

/** The part of a provider that can be changed. */
export interface ProviderDefinition {
  /** Its kind is fixed for life. */
  readonly settings: ProviderSettings;
  readonly credentials: ProviderCredentials;
  /** Which paths may be asked for; `*` is all of them, `{tenant_id}` stands for the tenant that asks. */
  readonly pathPrefixes: readonly string[];
  /** Answers references that name no provider. One an owner. */
  readonly isDefault: boolean;
  readonly description: string | null;
}

/** Everything there is to know about a provider. */
export interface ProviderState extends ProviderDefinition {
  readonly id: ProviderId;
  /** Null is shared by all tenants. */
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  readonly alias: ProviderAlias;
}

/** Who it is, for life. */
export type ProviderIdentity = Pick<ProviderState, 'id' | 'tenant' | 'alias'>;

/** A place outside in which secrets are kept, known by an alias so that no reference ever names a host. */
export class SecretProvider extends AggregateRoot<ProviderState> {
  /** @throws InvalidInput */
  static register(
    identity: ProviderIdentity,
    definition: ProviderDefinition,
    surroundings: Surroundings,
    reason: string | null = null,
  ): SecretProvider {
    const checked = checkedDefinition(definition, surroundings);
    const provider = new SecretProvider({ ...identity, ...checked, version: 0, stamp: null });
    provider.record('created', { reason });
    return provider;
  }

  /** Rebuilds a stored provider; for repositories and tests alone. */
  static restore(state: ProviderState): SecretProvider {
    return new SecretProvider(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: Partial<ProviderDefinition>, surroundings: Surroundings, reason: string | null): void {
    const next = { ...this.state, ...checkedDefinition({ ...this.state, ...revision }, surroundings) };
    if (sameJson(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

/** True when nobody could tell the two apart. */
export const sameDefinition = (a: ProviderDefinition, b: ProviderDefinition): boolean =>
  sameJson(definitionOf(a), definitionOf(b));

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const definitionOf = (definition: ProviderDefinition): ProviderDefinition => {
  const { settings, credentials, pathPrefixes, isDefault, description } = definition;
  return { settings, credentials, pathPrefixes, isDefault, description };
};

/** With no other credentials than it signs in with. @throws InvalidInput; pointers as in settingsProblems */
function checkedDefinition(definition: ProviderDefinition, surroundings: Surroundings): ProviderDefinition {
  const problems = definitionProblems(definition, surroundings);
  if (problems.length > 0) throw new InvalidInput(problems);
  const needed = credentialOf(definition.settings);
  const credential = needed && definition.credentials[needed];
  return {
    ...definitionOf(definition),
    credentials: needed && credential ? { [needed]: credential } : {},
  };
}

/** Everything that is wrong, at its place in the names of the wire but for the settings. */
export function definitionProblems(definition: ProviderDefinition, surroundings: Surroundings): Violation[] {
  const { settings, pathPrefixes } = definition;
  const none = { pointer: '/path_prefixes', code: 'required', detail: 'At least one; * is every path.' };
  return [
    ...(pathPrefixes.length === 0 ? [none] : []),
    ...settingsProblems(settings, surroundings).map((problem) => ({
      ...problem,
      pointer: `/settings${problem.pointer}`,
    })),
    ...pathPrefixes.flatMap((prefix, index) => {
      const detail = prefixProblem(prefix);
      return detail === null ? [] : [{ pointer: `/path_prefixes/${index}`, code: 'pattern', detail }];
    }),
  ];
}
