import { InvalidInput, pointerToken } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

/**
 * The framework leaves a part of a query that is not percent-encoded UTF-8 as it came, and PostgreSQL takes no NUL:
 * both are told here, before anything else reads them.
 * @throws InvalidInput
 */
export function checkQueryText(url: string): void {
  if (!url.includes('%')) return;
  const start = url.indexOf('?');
  if (start < 0) return; // What is wrong with a path is told by the router.
  const violations = url
    .slice(start + 1)
    .split('&')
    .flatMap((pair) => violationOf(pair) ?? []);
  if (violations.length > 0) throw new InvalidInput(violations);
}

function violationOf(pair: string): Violation | null {
  const equals = pair.indexOf('='); // Only the first one parts: a value may hold others.
  const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
  const value = decoded(equals < 0 ? '' : pair.slice(equals + 1));
  const pointer = name === null ? '' : `/${pointerToken(name)}`;
  if (name === null || value === null)
    return { pointer, code: 'invalid_utf8', detail: 'It is not percent-encoded UTF-8.' };
  if (`${name}${value}`.includes('\0'))
    return { pointer, code: 'nul_character', detail: 'It holds the character NUL.' };
  return null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
