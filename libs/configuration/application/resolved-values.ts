import { tokenName } from '#shared-kernel';
import type { EffectiveDocuments, SecretText } from '../domain/effective/effective-documents.js';
import type { JsonObject, JsonValue } from '../domain/json.js';
import { isJsonObject } from '../domain/json.js';
import { SecretUnresolvable } from '../domain/secret-errors.js';
import type { ResolvedSecret } from './secret-resolver.js';

/** What all secrets of an answer may come to in their places, in characters: one may stand in thousands. */
export const SECRETS_LENGTH_MAX = 8_388_608;

type Values = Readonly<Record<string, JsonObject>>;

/** What stands at a place instead of what is there; undefined: nothing at all. */
type Replacement = string | undefined;

/** What changes at a place and inside of it. */
interface Change {
  readonly inside: Map<string, Change>;
  replacement: Replacement | null;
}

/**
 * The values with the secrets in their places; `resolved` is in the order of `secrets`. What may be left out and could
 * not be had is left out, a text with it inside as well.
 * @throws SecretUnresolvable when they would come to more than 8 Mi characters
 */
export function resolvedValues(
  { values, secrets, secretTexts }: EffectiveDocuments,
  resolved: readonly (Pick<ResolvedSecret, 'value'> | null)[],
): Values {
  expectRoom({ secrets, secretTexts }, resolved);
  const changes = unchanged();
  secrets.forEach(({ name, pointer }, index) => {
    if (Object.hasOwn(values, name)) note(changes, name, pointer, resolved[index]?.value);
  });
  for (const text of secretTexts) note(changes, text.name, text.pointer, textOf(text, resolved));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const change = changes.inside.get(name);
      return [name, change ? (applied(value, change) as JsonObject) : value];
    }),
  );
}

/** Before any text is put together. */
function expectRoom(
  { secrets, secretTexts }: Pick<EffectiveDocuments, 'secrets' | 'secretTexts'>,
  resolved: readonly (Pick<ResolvedSecret, 'value'> | null)[],
): void {
  const lengthOf = (part: string | number): number =>
    typeof part === 'string' ? part.length : (resolved[part]?.value.length ?? 0);
  const places = [...secrets.map((secret, index) => ({ ...secret, parts: [index] })), ...secretTexts];
  let room = SECRETS_LENGTH_MAX;
  for (const { name, pointer, parts } of places) {
    for (const part of parts) room -= lengthOf(part);
    if (room < 0) {
      const detail = `All secrets in their places have more than ${SECRETS_LENGTH_MAX} characters.`;
      throw new SecretUnresolvable([{ key: `${name}: ${pointer}`, cause: 'too_large', detail }]);
    }
  }
}

function textOf(
  { parts }: SecretText,
  resolved: readonly (Pick<ResolvedSecret, 'value'> | null)[],
): Replacement {
  const texts = parts.map((part) => (typeof part === 'string' ? part : resolved[part]?.value));
  return texts.includes(undefined) ? undefined : texts.join('');
}

/** Null: nothing is said of the place itself. */
const unchanged = (): Change => ({ inside: new Map(), replacement: null });

function note(changes: Change, name: string, pointer: string, replacement: Replacement): void {
  let place = changes;
  for (const step of [name, ...pointer.split('/').slice(1).map(tokenName)]) {
    const next = place.inside.get(step) ?? unchanged();
    place.inside.set(step, next);
    place = next;
  }
  place.replacement = replacement;
}

function applied(value: JsonValue, { inside, replacement }: Change): JsonValue | undefined {
  if (replacement !== null) return replacement;
  const within = (name: string, member: JsonValue): JsonValue | undefined => {
    const change = inside.get(name);
    return change ? applied(member, change) : member;
  };
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    return items.map((item, index) => within(String(index), item)).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, within(name, member)] as const);
  return Object.fromEntries(members.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}
