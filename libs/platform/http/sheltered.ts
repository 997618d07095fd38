import { InvalidInput } from '#shared-kernel';
import { isMembers } from './reading.js';

/** More than any body of ours has, in its names and in those of its parts. */
const NAMES_MAX = 2_000;
const PARTS = Symbol('parts');

/** Notes that a field is made of parts with fields of their own, which class-transformer has to see. */
export const madeOfParts: PropertyDecorator = (target, name) =>
  Reflect.defineMetadata(PARTS, true, target, name);

/** A body without what is inside of its JSON values, and these by name. */
export interface Sheltered {
  readonly body: unknown;
  readonly inside: Readonly<Record<string, unknown>>;
}

/**
 * Takes out what is inside of JSON values: class-transformer takes a time that grows with the square of the number of
 * names of each object, and copies all of it. An object becomes an empty one, which passes the same checks.
 * @throws InvalidInput for an object of so many names that is no JSON value
 */
export function sheltered(value: unknown, type: { readonly prototype: object } | undefined): Sheltered {
  if (!isMembers(value)) return { body: value, inside: {} };
  expectFew(value, '');
  const body: Record<string, unknown> = {};
  const inside: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const hasParts = type !== undefined && Reflect.hasMetadata(PARTS, type.prototype, name);
    if (hasParts) for (const part of Array.isArray(member) ? member : [member]) expectFew(part, `/${name}`);
    const isJson = !hasParts && holdsMore(member);
    Object.assign(body, { [name]: isJson ? emptied(member) : member });
    if (isJson) Object.assign(inside, { [name]: member });
  }
  return { body, inside };
}

/** Puts it back into what became of the body. */
export const unsheltered = (made: unknown, { inside }: Sheltered): unknown =>
  isMembers(made) ? Object.assign(made, inside) : made;

const holdsMore = (member: unknown): boolean =>
  isMembers(member) ||
  (Array.isArray(member) && member.some((item) => typeof item === 'object' && item !== null));

function emptied(member: unknown): unknown {
  if (Array.isArray(member))
    return member.map((item) => (Array.isArray(item) ? [] : isMembers(item) ? {} : item));
  return isMembers(member) ? {} : member;
}

function expectFew(part: unknown, pointer: string): void {
  if (!isMembers(part) || Object.keys(part).length <= NAMES_MAX) return;
  throw InvalidInput.at(pointer, 'too_many', `No object here has more than ${NAMES_MAX} properties.`);
}
