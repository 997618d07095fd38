import { attributeReader } from './attribute.js';
import type { AttributeReader } from './attribute.js';

/** Reads the key by which a caller is drawn: empty when there is none, and none is ever made up. */
export type KeyReader = (context: unknown) => string;

function keyText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : '';
}

const readTargetingKey = attributeReader('targetingKey');
const readUserId = attributeReader('user_id');
const readIdOfUser = attributeReader('user.id');

/** `targetingKey`, `user_id`, `user.id`: the first that is a key. */
export const callerKey: KeyReader = (context) =>
  keyText(readTargetingKey(context)) || keyText(readUserId(context)) || keyText(readIdOfUser(context));

/** Reads the key at a path into the context; null: the caller's. */
export function keyReader(bucketBy: string | null): KeyReader {
  if (bucketBy === null) return callerKey;
  const read: AttributeReader = attributeReader(bucketBy);
  return (context) => keyText(read(context));
}
