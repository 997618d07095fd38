import { AggregateRoot, InvalidInput } from '#shared-kernel';
import { contentViolations, sameContent } from './configuration-content.js';
import type { ConfigurationContent, ConfigurationState, Scope } from './configuration-state.js';
import type { ConfigurationId } from './identity.js';

/** What is to change; absent leaves as it is. */
export type ConfigurationRevision = Partial<ConfigurationContent>;

/** One layer of a document: what a service gets in an environment, for a tenant or for all, always or for a time. */
export class Configuration extends AggregateRoot<ConfigurationState> {
  /** @throws InvalidInput */
  static create(
    identity: Scope & { readonly id: ConfigurationId },
    content: ConfigurationContent,
    reason: string | null = null,
  ): Configuration {
    const { id, tenant, service, name, environment } = identity;
    const configuration = new Configuration({
      ...{ id, tenant, service, name, environment },
      ...checkedContent(content),
      version: 0,
      stamp: null,
    });
    configuration.record('created', { reason });
    return configuration;
  }

  /** Rebuilds a stored configuration; for repositories and tests alone. */
  static restore(state: ConfigurationState): Configuration {
    return new Configuration(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: ConfigurationRevision, reason: string | null): void {
    this.#become(checkedContent({ ...contentOf(this.state), ...revision }), 'updated', reason);
  }

  /** From now on it counts; of an active one nothing changes. */
  activate(reason: string | null): void {
    this.#become({ ...contentOf(this.state), isActive: true }, 'activated', reason);
  }

  /** From now on it does not count; of one that is not active nothing changes. */
  deactivate(reason: string | null): void {
    this.#become({ ...contentOf(this.state), isActive: false }, 'deactivated', reason);
  }

  /** Going back is going forward: an old content becomes the newest version. */
  revertTo(past: ConfigurationContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...past };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }

  #become(content: ConfigurationContent, change: string, reason: string | null): void {
    if (sameContent(content, this.state)) return;
    this.state = { ...this.state, ...content };
    this.record(change, { reason });
  }
}

/** The part of a state that has a history. */
export function contentOf(state: ConfigurationContent): ConfigurationContent {
  const { values, schemaId, secretRefs, finalKeys, isActive, effectiveFrom, effectiveUntil, description } =
    state;
  return { values, schemaId, secretRefs, finalKeys, isActive, effectiveFrom, effectiveUntil, description };
}

/** @throws InvalidInput */
function checkedContent(content: ConfigurationContent): ConfigurationContent {
  const violations = contentViolations(content);
  if (violations.length > 0) throw new InvalidInput(violations);
  return content;
}
