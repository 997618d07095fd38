import type { Operation } from './openapi.js';
import type { Step, Steps } from './step.js';
import { stepsOf } from './step.js';
import type { Thing } from './things.js';
import { isMember, isRemoval, rootOf } from './things.js';

/** One request of a run. */
export interface Call {
  readonly operation: Operation;
  readonly step: Step;
  /** What it is about. */
  readonly thing: Thing | undefined;
}

/** Requests about one kind of resource, or about none. */
export interface Group {
  readonly thing: Thing | undefined;
  readonly calls: readonly Call[];
}

/** Where each operation comes within its group. */
export const RANKS = {
  create: 0,
  read: 10,
  change: 20,
  versions: 30,
  rollback: 40,
  part: 50,
  removePart: 60,
  whole: 70,
};

/** The calls of one tag but for those that remove things, in an order in which they succeed. */
export function groupsOf(calls: readonly Call[], things: readonly Thing[]): Group[] {
  const kept = calls.filter(({ operation, thing }) => !isRemoval(operation, thing));
  return [...things, undefined]
    .map((thing) => ({ thing, calls: inOrder(kept.filter((call) => call.thing === thing)) }))
    .filter((group) => group.calls.length > 0);
}

/** What removes things, the last made first. */
export function removalsOf(calls: readonly Call[], things: readonly Thing[]): Call[] {
  const removing = calls.filter(({ operation, thing }) => isRemoval(operation, thing));
  return [...things].reverse().flatMap((thing) => removing.filter((call) => call.thing === thing));
}

/** Every call of an operation. */
export function callsOf(operation: Operation, steps: Steps, things: readonly Thing[]): Call[] {
  const thing = rootOf(things, operation);
  return stepsOf(steps, operation.id).map((step) => ({ operation, step, thing }));
}

function inOrder(calls: readonly Call[]): Call[] {
  return [...calls].sort((a, b) => rankOf(a) - rankOf(b)); // Stable: else the order of the document.
}

function rankOf({ operation, step, thing }: Call): number {
  if (step.rank !== undefined) return step.rank;
  if (!thing) return RANKS.part;
  if (operation === thing.creation) return RANKS.create;
  return isMember(operation.path, thing) ? rankOfMember(operation) : rankOfPart(operation, thing);
}

const rankOfMember = ({ method }: Operation): number => (method === 'GET' ? RANKS.read : RANKS.change);

function rankOfPart({ method, path }: Operation, thing: Thing): number {
  if (path === thing.path) return RANKS.read;
  if (path.includes('/versions')) return RANKS.versions;
  if (path.includes('/rollback/')) return RANKS.rollback;
  if (!path.startsWith(`${thing.path}/{`)) return RANKS.whole;
  return method === 'DELETE' ? RANKS.removePart : RANKS.part;
}
