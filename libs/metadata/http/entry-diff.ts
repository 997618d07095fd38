import { jsonPatch, JsonText, parseJson } from '#platform/http';
import type { PatchOperation } from '#platform/http';
import type { EntryView } from '../application/metadata.queries.js';
import { toResponse } from './entry.wire.js';

/** What makes the second state out of the first; a state that is gone is null. */
export function diffOf(before: EntryView | null, after: EntryView | null): PatchOperation[] {
  const [from, to] = [before && comparable(before), after && comparable(after)];
  if (from === null || to === null) return jsonPatch(from, to);
  const { value: old, ...restFrom } = from;
  const { value: now, ...restTo } = to;
  return [...jsonPatch(restFrom, restTo), ...valueDiff(old, now)];
}

/** What somebody changes; version and stamps change by themselves. */
function comparable(entry: EntryView): Record<string, unknown> {
  const { namespace, key, content_type, value, tags, description, is_encrypted, is_secret, expires_at } =
    toResponse(entry);
  return { namespace, key, content_type, value, tags, description, is_encrypted, is_secret, expires_at };
}

/** Member by member where all numbers can be compared as numbers, else the exact value whole. */
function valueDiff(before: unknown, after: unknown): PatchOperation[] {
  const isSame =
    before instanceof JsonText && after instanceof JsonText ? before.equals(after) : before === after;
  if (isSame) return [];
  try {
    const patch = jsonPatch(plain(before), plain(after), '/value');
    if (patch.length > 0) return patch;
  } catch {
    // A number that no double carries: the text is all there is to compare.
  }
  return [{ op: 'replace', path: '/value', value: after }];
}

const plain = (value: unknown): unknown => (value instanceof JsonText ? parseJson(value.text) : value);
