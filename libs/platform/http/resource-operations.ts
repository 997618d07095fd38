import { InvalidInput } from '#shared-kernel';
import type { Done } from './batch.js';
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
}

/** Creates, updates or deletes as the operation says, as the routes of the resource do. @throws InvalidInput */
export async function performOperation<
  Id extends string,
  State extends { id: string; version: number },
  New,
  Change,
>(operation: ResourceOperation, parts: OperationParts<Id, State, New, Change>): Promise<Done> {
  const { service, bodies, idOf, noun } = parts;
  const { op, if_version: version, ...members } = operation;
  expectNothingElse(operation);
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

/** A transformed body has undefined where the sent one had nothing. */
const present = <Members extends object>(members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;

const DELETES_WITH: ReadonlySet<string> = new Set(['op', 'id', 'if_version', 'change_reason']);

/** What an operation has no use for would be lost without a word. @throws InvalidInput with each such member */
function expectNothingElse(operation: ResourceOperation): void {
  const { op } = operation;
  const isTaken = (name: string): boolean => {
    if (op === 'delete') return DELETES_WITH.has(name);
    return op === 'update' ? name !== 'tenant_id' : name !== 'if_version';
  };
  const others = Object.keys(present(operation)).filter((name) => !isTaken(name));
  if (others.length === 0) return;
  const detail = `Here ${op} has no use for it.`;
  throw new InvalidInput(others.map((name) => ({ pointer: `/${name}`, code: 'unknown_property', detail })));
}
