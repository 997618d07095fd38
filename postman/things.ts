import type { Operation } from './openapi.js';

/** A kind of resource that is made by POST on a collection. */
export interface Thing {
  /** What its variables begin with: `company` for `companyId`. */
  readonly name: string;
  /** Of the collection. */
  readonly path: string;
  readonly creation: Operation;
}

const CREATED = '201';
const VERB = /^[a-z]+/;
const PARAMETER = /\/\{([^}]+)\}/;

/** What can be made, in the order of the document: POST on a path that answers 201, and has members. */
export function thingsOf(operations: readonly Operation[]): Thing[] {
  const hasMembers = (path: string): boolean =>
    operations.some((each) => each.path.startsWith(`${path}/{`) && each.path.endsWith('}'));
  return operations
    .filter(({ method, responses, path }) => method === 'POST' && responses[CREATED] && hasMembers(path))
    .map((creation) => ({ name: thingName(creation), path: creation.path, creation }));
}

/** `budgetItem` of `createBudgetItem`. */
export function thingName({ id }: Operation): string {
  const name = id.replace(VERB, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** What an operation is about: of several, the one with the longest path outside all others. */
export function rootOf(things: readonly Thing[], { path }: Operation): Thing | undefined {
  return things
    .filter((thing) => !PARAMETER.test(thing.path))
    .filter((thing) => path === thing.path || path.startsWith(`${thing.path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** Whose members a parameter of the path names, as {rule_id} behind …/rules. */
export function ownerOf(things: readonly Thing[], { path }: Operation, parameter: string): Thing | undefined {
  const before = path.slice(0, path.indexOf(`/{${parameter}}`));
  return things.find((thing) => thing.path === before);
}

/** It removes a thing as a whole. */
export const isRemoval = ({ method, path }: Operation, thing: Thing | undefined): boolean =>
  method === 'DELETE' && thing !== undefined && isMember(path, thing);

/** `/companies/{id}`. */
export function isMember(path: string, thing: Thing): boolean {
  const rest = path.slice(thing.path.length);
  return path.startsWith(`${thing.path}/{`) && rest.indexOf('/', 1) === -1;
}

/** The schema of an answer, to tell whether two answers show the same kind of resource. */
export function answerOf({ responses }: Operation, status: number): string | undefined {
  const schema = responses[String(status)]?.content?.['application/json']?.schema;
  return schema && JSON.stringify(schema);
}
