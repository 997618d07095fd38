import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { isMembers } from './reading.js';
import { validationPipe } from './validation.js';

/** A body as its decorators see it, and what they find wrong with it. */
export interface CheckedBody<Body> {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly body: Body;
  readonly violations: readonly Violation[];
}

const pipe = validationPipe();

/**
 * Checks what decorators can tell; gives what is wrong instead of throwing it, so that what others find can be told with
 * it.
 */
export async function checkBody<Body extends object>(
  type: new () => Body,
  sent: unknown,
): Promise<CheckedBody<Body>> {
  const raw = isMembers(sent) ? sent : {}; // Every body is an object, or none at all.
  try {
    const body = (await pipe.transform(raw, { type: 'body', metatype: type })) as Body;
    return { raw, body, violations: [] };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { raw, body: Object.assign(new type(), raw), violations: error.violations };
  }
}

/** The reason of a change whose body may not even be readable; then it is never used. */
export function reasonOf({ raw }: CheckedBody<object>): string | null {
  const { change_reason } = raw;
  return typeof change_reason === 'string' ? change_reason : null;
}
