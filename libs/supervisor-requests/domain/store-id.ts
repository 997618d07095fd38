import { InvalidInput, lengthOf } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

export const STORE_LENGTH_MAX = 128;
/** Any text that can be shown on a line. */
const STORE_ID = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;

/** Clients take them out of a path, with what comes before, whether or not they are percent-encoded (WHATWG URL, 4.4). */
const DOTS: ReadonlySet<string> = new Set(['.', '..']);

/** What is wrong with the name of a store: whoever asks may name it as they like. */
export function storeMistakes(storeId: string, pointer: string): Violation[] {
  if (storeId === '' || lengthOf(storeId) > STORE_LENGTH_MAX) {
    const code = storeId === '' ? 'too_short' : 'too_long';
    return [{ pointer, code, detail: `It must have 1 to ${STORE_LENGTH_MAX} characters.` }];
  }
  if (DOTS.has(storeId)) {
    const detail = 'It is neither . nor .., which a URL means something else by.';
    return [{ pointer, code: 'pattern', detail }];
  }
  if (STORE_ID.test(storeId)) return [];
  return [{ pointer, code: 'pattern', detail: 'It must have no control characters.' }];
}

/** @throws InvalidInput */
export function checkedStoreId(storeId: string): string {
  const mistakes = storeMistakes(storeId, '/store_id');
  if (mistakes.length > 0) throw new InvalidInput(mistakes);
  return storeId;
}
