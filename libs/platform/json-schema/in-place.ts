import type { Violation } from '#shared-kernel';
import type { Reference } from './references.js';
import type { Subschema } from './subschemas.js';

/** How many schemas one value may be held against because of one. */
const IN_PLACE_MAX = 10_000;

/**
 * Refuses schemas that hold a value against themselves without end, or against so many that no document can be checked:
 * twenty that each refer twice to the next are a million. What goes on inside of a value ends with the value.
 */
export function circlesIn(
  schemas: readonly Subschema[],
  references: readonly Reference[],
  places: ReadonlyMap<string, string>,
): Violation[] {
  const graph = graphOf(schemas, references, places);
  const weights = new Map<string, number>();
  const onTheWay = new Set<string>();
  for (const start of graph.keys()) {
    const open = [start];
    for (let place = open.at(-1); place !== undefined; place = open.at(-1)) {
      if (weights.has(place)) {
        open.pop();
        continue;
      }
      const next = graph.get(place) ?? [];
      if (onTheWay.has(place)) {
        const weight = next.reduce((sum, inner) => sum + (weights.get(inner) ?? 0), 1);
        if (weight > IN_PLACE_MAX) return [explosion(place)];
        weights.set(place, weight);
        onTheWay.delete(place);
        open.pop();
        continue;
      }
      onTheWay.add(place);
      const circle = next.find((inner) => onTheWay.has(inner));
      if (circle !== undefined) return [loop(circle)];
      open.push(...next);
    }
  }
  return [];
}

const loop = (pointer: string): Violation => ({
  pointer,
  code: 'reference_loop',
  detail: 'It leads back to itself for the same value, so that no check would end.',
});

const explosion = (pointer: string): Violation => ({
  pointer,
  code: 'schema_explodes',
  detail: `One value would be held against more than ${IN_PLACE_MAX} schemas because of it.`,
});

/** Which schemas each schema holds the same value against. */
function graphOf(
  schemas: readonly Subschema[],
  references: readonly Reference[],
  places: ReadonlyMap<string, string>,
): Map<string, string[]> {
  const graph = new Map<string, string[]>(schemas.map(({ pointer }) => [pointer, []]));
  for (const { pointer, around } of schemas) if (around !== null) graph.get(around)?.push(pointer);
  for (const { from, place } of references) {
    const target = places.get(place);
    if (target !== undefined) graph.get(from)?.push(target);
  }
  return graph;
}
