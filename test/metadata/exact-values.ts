import type { TestApi } from '../api.js';
import { ENTRIES } from './entries.js';

/** The text of the one value in an answer that shows one entry, as it stands there. */
export function valueIn(text: string): string {
  return between(text, ',"tags":');
}

/** The text of the one value in a page of one event. */
export function valueInEvent(text: string): string {
  return between(text, '}}}],"next":');
}

function between(text: string, end: string): string {
  const start = text.indexOf('"value":');
  const stop = text.lastIndexOf(end);
  if (start < 0 || stop < start) throw new Error(`There is no value in ${text}`);
  return text.slice(start + '"value":'.length, stop);
}

/** An entry as somebody writes it by hand, so that nothing rewrites the text of its value. */
export function entryText(members: Readonly<Record<string, string>>, value: string): string {
  const parts = Object.entries(members).map(
    ([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`,
  );
  return `{${[...parts, `"value":${value}`].join(',')}}`;
}

/** Where one entry can be looked at, and how its value is found there. */
export interface Sight {
  readonly path: string;
  readonly valueIn: (text: string) => string;
}

/** Every place that shows an entry as it is now; it must be alone in its namespace. */
export function sightsOf({ id, key, namespace }: { id: string; key: string; namespace: string }): Sight[] {
  return [
    { path: `${ENTRIES}/${id}`, valueIn },
    { path: `${ENTRIES}/key/${key}?namespace=${namespace}`, valueIn },
    { path: `${ENTRIES}/key/${key}/raw?namespace=${namespace}`, valueIn: (text) => text },
    { path: `${ENTRIES}?namespace=${namespace}`, valueIn },
    { path: `${ENTRIES}/export?namespace=${namespace}`, valueIn },
  ];
}

/** The value as it is shown at each of these places, by path. */
export async function shownAt(api: TestApi, sights: readonly Sight[]): Promise<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const sight of sights) {
    const { status, text } = await api.get(sight.path);
    if (status !== 200) throw new Error(`${sight.path} answered ${status}: ${text}`);
    shown[sight.path] = sight.valueIn(text);
  }
  return shown;
}

/** What `shownAt` gives when this is what is shown everywhere. */
export const everywhere = (sights: readonly Sight[], value: string): Record<string, string> =>
  Object.fromEntries(sights.map(({ path }) => [path, value]));
