import { checkBody, reasonOf } from '#platform/http';
import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import type { ClaimWanted } from '../application/claim.service.js';
import type { WorkWanted } from '../application/work-queue.js';
import { PRIORITY_MAX } from '../domain/request-content.js';
import { KINDS } from '../domain/request-state.js';
import type { RequestKind } from '../domain/request-state.js';
import { ClaimBody, ClaimNextBody } from './claim.dto.js';

/** How long somebody wants to have something, and why. */
export type Lasting = Omit<ClaimWanted, 'by'>;

/** What somebody is ready to work on, of whose requests, and for how long. */
export interface NextWanted extends Lasting, Pick<WorkWanted, 'kinds' | 'priorities'> {
  /** Undefined where none is named. */
  readonly tenant: string | null | undefined;
}

/** @throws InvalidInput */
export async function toLasting(sent: unknown): Promise<Lasting> {
  const checked = await checkBody(ClaimBody, sent);
  if (checked.violations.length > 0) throw new InvalidInput(checked.violations);
  return { seconds: checked.body.lease_seconds, reason: reasonOf(checked) };
}

/** @throws InvalidInput */
export async function toNextWanted(sent: unknown): Promise<NextWanted> {
  const checked = await checkBody(ClaimNextBody, sent);
  const { lease_seconds: seconds, tenant_id: tenant, kind, priority } = checked.body;
  const violations = [...checked.violations, ...kindMistakes(kind), ...priorityMistakes(priority)];
  if (violations.length > 0) throw new InvalidInput(violations);
  return {
    ...{ seconds, tenant, reason: reasonOf(checked) },
    kinds: (kind ?? null) as readonly RequestKind[] | null,
    priorities: (priority ?? null) as readonly number[] | null,
  };
}

/** That it is a list of texts is told by its decorator. An empty one would wait for nothing. */
function kindMistakes(kinds: unknown): Violation[] {
  if (!Array.isArray(kinds)) return [];
  if (kinds.length === 0) return [empty('/kind')];
  return kinds.flatMap((kind: unknown, index) => {
    if (typeof kind !== 'string' || KINDS.includes(kind as RequestKind)) return [];
    return [{ pointer: `/kind/${index}`, code: 'choice', detail: `It must be one of ${KINDS.join(', ')}.` }];
  });
}

function priorityMistakes(priorities: unknown): Violation[] {
  if (priorities === undefined || priorities === null) return [];
  if (!Array.isArray(priorities))
    return [{ pointer: '/priority', code: 'type', detail: 'It must be a list.' }];
  if (priorities.length === 0) return [empty('/priority')];
  if (priorities.length > PRIORITY_MAX) {
    const detail = `It must have at most ${PRIORITY_MAX} items.`;
    return [{ pointer: '/priority', code: 'too_many', detail }];
  }
  return priorities.flatMap((priority: unknown, index) => {
    if (Number.isInteger(priority) && Number(priority) >= 1 && Number(priority) <= PRIORITY_MAX) return [];
    const detail = `It is a whole number from 1 to ${PRIORITY_MAX}.`;
    return [{ pointer: `/priority/${index}`, code: 'range', detail }];
  });
}

const empty = (pointer: string): Violation => ({
  ...{ pointer, code: 'too_few' },
  detail: 'It must have at least one item; leave it out for any.',
});
