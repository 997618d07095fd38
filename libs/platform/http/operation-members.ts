import { InvalidInput } from '#shared-kernel';

/** A transformed body has undefined where the sent one had nothing. */
export const present = <Members extends object>(members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;

/** What an operation has no use for would be lost without a word. @throws InvalidInput with each such member */
export function expectUse(operation: { readonly op: string }, isTaken: (name: string) => boolean): void {
  const others = Object.keys(present(operation)).filter((name) => !isTaken(name));
  if (others.length === 0) return;
  const detail = `Here ${operation.op} has no use for it.`;
  throw new InvalidInput(others.map((name) => ({ pointer: `/${name}`, code: 'unknown_property', detail })));
}
