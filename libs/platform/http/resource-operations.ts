import { InvalidInput } from '#shared-kernel';
import type { Done } from './batch.js';
import { expectUse, present } from './operation-members.js';
import type { Changes, Makes, ReadsChanges, ReadsNew } from './resource-routes.js';

/** One operation on a resource: the members that the operation takes, and `op`. */
export interface ResourceOperation {
  readonly op: string;
  readonly id?: string;
  /** What If-Match is to a request of its own. */
  readonly if_version?: number;
  readonly change_reason?: string | null;
}

/** What the operations of a batch need to know of a kind of resource. */
export interface OperationParts<
  Id extends string,
  State extends { id: string; version: number },
  New,
  Change,
> {
  /** One with its article, for example `the item`. */
  readonly noun: string;
  readonly service: Makes<State, New> & Changes<Id, State, Change>;
  readonly bodies: ReadsNew<New> & ReadsChanges<Change>;
  /** @throws InvalidInput */
  readonly idOf: (text: string) => Id;
  /** Members of its own that only a delete takes; what they mean, its service knows. */
  readonly ofDelete?: readonly string[];
}

/** Creates, updates or deletes as the operation says, as the routes of the resource do. @throws InvalidInput */
export async function performOperation<
  Id extends string,
  State extends { id: string; version: number },
  New,
  Change,
>(operation: ResourceOperation, parts: OperationParts<Id, State, New, Change>): Promise<Done> {
  const { service, bodies, idOf, noun, ofDelete = [] } = parts;
  const { op, if_version: version, ...members } = operation;
  expectUse(operation, (name) => isTaken(name, op, ofDelete));
  const body = present(members);
  if (op === 'create') {
    const { state, outcome } = await service.create(await bodies.toNew(body));
    return { status: outcome === 'unchanged' ? 200 : 201, id: state.id, version: state.version };
  }
  const { id, ...changes } = body;
  if (id === undefined) throw InvalidInput.at('/id', 'required', `Name ${noun} by its id.`);
  const target = { id: idOf(id), ifVersion: version ?? null };
  if (op === 'delete') {
    await service.delete(target, body.change_reason ?? null);
    return { status: 204, id: target.id };
  }
  const { asked, reason } = await bodies.toRevision(changes, 'replace');
  const state = await service.revise(target, asked, reason);
  return { status: 200, id: target.id, version: state.version };
}

const DELETES_WITH: readonly string[] = ['op', 'id', 'if_version', 'change_reason'];

function isTaken(name: string, op: string, ofDelete: readonly string[]): boolean {
  if (op === 'delete') return [...DELETES_WITH, ...ofDelete].includes(name);
  if (ofDelete.includes(name)) return false;
  return op === 'update' ? name !== 'tenant_id' : name !== 'if_version';
}
