import { isJsonObject } from '../domain/json.js';
import type { JsonValue } from '../domain/json.js';
import type { ConfigurationContent, ConfigurationState, Scope } from '../domain/configuration-state.js';

/** What is to be stored. */
export interface Wanted {
  readonly scope: Scope;
  readonly content: ConfigurationContent;
}

/** Which stored configurations become which of those that are wanted. */
export interface Assignment<W extends Wanted, S extends ConfigurationState> {
  /** Null: it has to be made. */
  readonly storedFor: ReadonlyMap<W, S | null>;
  /** Those that become none of them. */
  readonly left: readonly S[];
}

/**
 * One becomes another of the same scope and the same window. Of inactive ones there may be several: whatever is equal
 * stays what it is, and before one is made active or inactive, one is taken that is so already. The work grows with their
 * number alone.
 */
export function assign<W extends Wanted, S extends ConfigurationState>(
  wanted: readonly W[],
  stored: readonly S[],
): Assignment<W, S> {
  const storedFor = new Map<W, S | null>(wanted.map((one) => [one, null]));
  let left = stored;
  for (const keyOf of [contentOf, activityOf, placeOf]) {
    const open = new Map<string, S[]>();
    for (const one of left.toReversed()) {
      const key = keyOf(one, one);
      const others = open.get(key);
      if (others) others.push(one);
      else open.set(key, [one]);
    }
    for (const [one, found] of storedFor)
      if (!found) storedFor.set(one, open.get(keyOf(one.scope, one.content))?.pop() ?? null);
    const taken = new Set(storedFor.values());
    left = left.filter((one) => !taken.has(one));
  }
  return { storedFor, left };
}

/** What tells one configuration of an owner from another, but for inactive ones. */
export function placeOf(
  { service, name, environment }: Scope,
  { effectiveFrom, effectiveUntil }: Pick<ConfigurationContent, 'effectiveFrom' | 'effectiveUntil'>,
): string {
  return [service, name, environment, effectiveFrom?.getTime() ?? '', effectiveUntil?.getTime() ?? ''].join(
    '/',
  );
}

const activityOf = (scope: Scope, content: ConfigurationContent): string =>
  `${placeOf(scope, content)} ${content.isActive}`;

/** The same for all that `sameContent` holds to be the same. */
function contentOf(scope: Scope, content: ConfigurationContent): string {
  const { schemaId, description, secretRefs, finalKeys, values } = content;
  const text = JSON.stringify([schemaId, description, secretRefs, finalKeys, values], withNamesInOrder);
  return `${activityOf(scope, content)} ${checksum(text)} ${text}`;
}

/** Long texts of one length have one place in a map, where they are compared: this tells them apart at their beginning. */
function checksum(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum, 31) + text.charCodeAt(index);
  return sum;
}

const withNamesInOrder = (_: string, value: JsonValue): JsonValue =>
  isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
