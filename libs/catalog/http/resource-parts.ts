import { ancestorsOf, at, isMembers } from '#platform/http';
import type { Manner, Reading } from '#platform/http';
import type { Violation } from '#shared-kernel';
import type { Annotations } from '../domain/annotations.js';
import { ENDPOINTS_MAX, VISIBILITIES } from '../domain/endpoint.js';
import type { Endpoint } from '../domain/endpoint.js';
import { LINKS_MAX } from '../domain/link.js';
import type { Link } from '../domain/link.js';

/** More than any of them may have; how many exactly is a matter of the resource. */
const TEXT_MAX = 1_048_576;
const LINK_NAMES = ['url', 'title', 'type'];
const ENDPOINT_NAMES = ['name', 'url', 'host', 'port', 'protocol', 'visibility'];
const USUAL_VISIBILITY = 'internal';

/** Annotations once what was sent has been done to them. Null is none. */
export function changedAnnotations(
  current: Annotations,
  sent: unknown,
  manner: Manner,
  reading: Reading,
): Annotations {
  if (sent === null || sent === undefined) return {};
  const changed = new Map<string, string>(manner === 'merge' ? Object.entries(current) : []);
  for (const [key, value] of Object.entries(reading.map(sent, '/annotations'))) {
    const pointer = at('/annotations', key);
    if (value === null && manner === 'merge') changed.delete(key);
    else if (typeof value === 'string') changed.set(key, value);
    else reading.note('type', pointer, 'It must be a string.');
  }
  return Object.fromEntries(changed);
}

/** Links as they were sent; null is none. */
export function readLinks(sent: unknown, reading: Reading): Link[] {
  return itemsOf(sent, '/links', LINKS_MAX, reading).map((item, index) => {
    const pointer = at('/links', index);
    const members = reading.object(item, pointer, LINK_NAMES);
    return {
      url: isMembers(item) ? reading.text(members['url'], at(pointer, 'url'), TEXT_MAX) : '',
      title: textOrNull(members['title'], at(pointer, 'title'), reading),
      type: textOrNull(members['type'], at(pointer, 'type'), reading),
    };
  });
}

/** Endpoints as they were sent; null is none. */
export function readEndpoints(sent: unknown, reading: Reading): Endpoint[] {
  return itemsOf(sent, '/endpoints', ENDPOINTS_MAX, reading).map((item, index) => {
    const pointer = at('/endpoints', index);
    const members = reading.object(item, pointer, ENDPOINT_NAMES);
    const { port, visibility } = members;
    return {
      name: isMembers(item) ? reading.text(members['name'], at(pointer, 'name'), TEXT_MAX) : '',
      url: textOrNull(members['url'], at(pointer, 'url'), reading),
      host: textOrNull(members['host'], at(pointer, 'host'), reading),
      port: port === undefined || port === null ? null : reading.whole(port, at(pointer, 'port')),
      protocol: textOrNull(members['protocol'], at(pointer, 'protocol'), reading),
      visibility:
        visibility === undefined
          ? USUAL_VISIBILITY
          : reading.choice(visibility, at(pointer, 'visibility'), VISIBILITIES),
    };
  });
}

/** Of a list that is too long nothing is read. */
function itemsOf(sent: unknown, pointer: string, max: number, reading: Reading): readonly unknown[] {
  const items = reading.list(sent ?? [], pointer);
  if (items.length <= max) return items;
  reading.note('too_many', pointer, `It must have at most ${max} items.`);
  return [];
}

const textOrNull = (value: unknown, pointer: string, reading: Reading): string | null =>
  value === undefined || value === null ? null : reading.text(value, pointer, TEXT_MAX);

/** The mistakes at places of which nothing is told yet, inside or around. */
export function untold(mistakes: readonly Violation[], told: readonly Violation[]): Violation[] {
  const places = new Set(told.map(({ pointer }) => pointer));
  const around = new Set(told.flatMap(({ pointer }) => ancestorsOf(pointer)));
  return mistakes.filter(
    ({ pointer }) => !around.has(pointer) && !ancestorsOf(pointer).some((outer) => places.has(outer)),
  );
}
