import { AggregateRoot, checkedLabels, InvalidInput, lengthOf, sameJson, together } from '#shared-kernel';
import type { Labels, Stamp } from '#shared-kernel';
import type { CompanyId } from './identity.js';

/** The part of a company that has a history and can be rolled back. */
export interface CompanyContent {
  readonly name: string;
  readonly description: string | null;
  readonly labels: Labels;
}

/** Everything there is to know about a company. */
export interface CompanyState extends CompanyContent {
  readonly id: CompanyId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
}

/** What is to change; absent leaves as it is. */
export type CompanyRevision = Partial<CompanyContent>;

export const NAME_LENGTH_MAX = 100;
export const DESCRIPTION_LENGTH_MAX = 255;

/** The organisation that users, teams, environments and resources belong to. */
export class Company extends AggregateRoot<CompanyState> {
  /** @throws InvalidInput */
  static create(
    identity: { readonly id: CompanyId; readonly tenant: string | null },
    content: CompanyContent,
    reason: string | null = null,
  ): Company {
    const company = new Company({ ...identity, version: 0, stamp: null, ...checked(content) });
    company.record('created', { reason });
    return company;
  }

  /** Rebuilds a stored company; for repositories and tests alone. */
  static restore(state: CompanyState): Company {
    return new Company(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: CompanyRevision, reason: string | null): void {
    const { name, description, labels } = this.state;
    const next = { ...this.state, ...checked({ name, description, labels, ...revision }) };
    if (sameJson(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. */
  revertTo({ name, description, labels }: CompanyContent, version: number, reason: string | null): void {
    this.state = { ...this.state, name, description, labels };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

/** @throws InvalidInput with everything that breaks a rule */
const checked = ({ name, description, labels }: CompanyContent): CompanyContent =>
  together<CompanyContent>({
    name: () => checkedName(name),
    description: () => checkedDescription(description),
    labels: () => checkedLabels(labels),
  });

/** What people call something: 1 to 100 characters that are not all white. @throws InvalidInput */
export function checkedName(name: string): string {
  if (name.trim() !== '' && lengthOf(name) <= NAME_LENGTH_MAX) return name;
  throw InvalidInput.at('/name', 'length', `A name has 1 to ${NAME_LENGTH_MAX} characters.`);
}

function checkedDescription(description: string | null): string | null {
  if (description === null || lengthOf(description) <= DESCRIPTION_LENGTH_MAX) return description;
  const detail = `It has at most ${DESCRIPTION_LENGTH_MAX} characters.`;
  throw InvalidInput.at('/description', 'too_long', detail);
}
