import { AggregateRoot, checkedLabels, InvalidInput, sameJson, together } from '#shared-kernel';
import type { Labels, Stamp } from '#shared-kernel';
import { checkedName } from './company.js';
import type { CompanyId, EnvironmentId, Slug, TeamId } from './identity.js';
import { TIERS, usualTier } from './tier.js';
import type { Tier } from './tier.js';

/** The part of an environment that has a history and can be rolled back. */
export interface EnvironmentContent {
  readonly name: string;
  readonly tier: Tier;
  readonly ownerTeamId: TeamId | null;
  readonly labels: Labels;
}

/** What an environment is for life. */
export interface EnvironmentIdentity {
  readonly id: EnvironmentId;
  readonly tenant: string | null;
  /** Null where it was made before its tenant had a company. */
  readonly companyId: CompanyId | null;
  /** What everything else refers to it by; to another key everything that refers would have to follow. */
  readonly key: Slug;
}

/** Everything there is to know about an environment. */
export interface EnvironmentState extends EnvironmentIdentity, EnvironmentContent {
  readonly version: number;
  readonly stamp: Stamp | null;
}

/** What is to change; absent leaves as it is. */
export type EnvironmentRevision = Partial<EnvironmentContent>;

/** Where something runs: the join point of flags, configurations, devices and resources, which know it by its key. */
export class Environment extends AggregateRoot<EnvironmentState> {
  /** What nobody says of it follows from its key. @throws InvalidInput */
  static create(
    identity: EnvironmentIdentity,
    {
      name = identity.key,
      tier = usualTier(identity.key),
      ownerTeamId = null,
      labels = {},
    }: EnvironmentRevision,
    reason: string | null = null,
  ): Environment {
    const content = checked({ name, tier, ownerTeamId, labels });
    const environment = new Environment({ ...identity, version: 0, stamp: null, ...content });
    environment.record('created', { reason });
    return environment;
  }

  /** Rebuilds a stored environment; for repositories and tests alone. */
  static restore(state: EnvironmentState): Environment {
    return new Environment(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: EnvironmentRevision, reason: string | null): void {
    const next = { ...this.state, ...checked({ ...contentOf(this.state), ...revision }) };
    if (sameJson(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. */
  revertTo(past: EnvironmentContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...contentOf(past) };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

export const contentOf = ({ name, tier, ownerTeamId, labels }: EnvironmentContent): EnvironmentContent => ({
  name,
  tier,
  ownerTeamId,
  labels,
});

/** @throws InvalidInput with everything that breaks a rule */
const checked = ({ name, tier, ownerTeamId, labels }: EnvironmentContent): EnvironmentContent => ({
  ...together({
    name: () => checkedName(name),
    tier: () => checkedTier(tier),
    labels: () => checkedLabels(labels),
  }),
  ownerTeamId,
});

function checkedTier(tier: Tier): Tier {
  if (TIERS.includes(tier)) return tier;
  throw InvalidInput.at('/tier', 'choice', `It must be one of ${TIERS.join(', ')}.`);
}
