import { memberOf, setMember } from '../domain/json.js';
import type { JsonObject, JsonValue } from '../domain/json.js';
import { isMergeable } from '../domain/merge.js';

/**
 * What layers do together to whatever lies under them. A merge patch cannot always say it: what removes an object and then
 * begins another one in its place would add to the one that was there. So what starts anew is told from what adds.
 */
export type Overlay = ReadonlyMap<string, Overlay | Anew>;

/** Takes the place of what is there; undefined leaves nothing. */
export class Anew {
  constructor(readonly value: JsonValue | undefined) {}
}

/** What one layer does. */
export function overlayOf(values: JsonObject): Overlay {
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      isMergeable(value) ? overlayOf(value) : new Anew(value ?? undefined),
    ]),
  );
}

/** What both do, the second over the first. */
export function composed(below: Overlay, above: Overlay): Overlay {
  const result = new Map(below);
  for (const [name, change] of above) {
    const before = below.get(name);
    if (change instanceof Anew || !before) result.set(name, change);
    else if (before instanceof Anew) result.set(name, new Anew(applied(objectOf(before.value), change)));
    else result.set(name, composed(before, change));
  }
  return result;
}

export function applied(document: JsonObject, overlay: Overlay): JsonObject {
  const result = { ...document };
  for (const [name, change] of overlay) {
    const value = change instanceof Anew ? change.value : applied(objectOf(memberOf(document, name)), change);
    if (value === undefined) delete result[name];
    else setMember(result, name, value);
  }
  return result;
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isMergeable(value) ? value : {});
