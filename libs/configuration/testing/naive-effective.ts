import type { Layer, Place } from '../domain/effective/layer.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What the documents of a place should be, by the rules one by one and without a thought of speed. */
export interface NaiveDocuments {
  readonly values: Record<string, Json>;
  /** `name pointer` of each text that stays as it is because a reference in it cannot be followed. */
  readonly unfollowed: string[];
  /** `name pointer` of what counts no more because it is final below. */
  readonly refused: string[];
  /** By `name pointer`: the parts of texts with secrets inside; what stands for a secret as its JSON. */
  readonly open: Record<string, string[]>;
}

export function naiveEffective(layers: readonly Layer[], place: Place, at: number): NaiveDocuments {
  const refused: string[] = [];
  const raw = new Map<string, Json>();
  for (const name of [...new Set(layers.map((layer) => layer.name))].sort()) {
    const stack = stackOf(
      layers.filter((layer) => layer.name === name),
      place,
      at,
    );
    if (stack.length > 0) raw.set(name, merge(name, stack, refused));
  }
  const unfollowed: string[] = [];
  const open: Record<string, string[]> = {};
  const values: Record<string, Json> = {};
  for (const [name, document] of raw) {
    values[name] = mapTexts(document, '', (text, pointer) => {
      const expanded = attempt(() => expandText(raw, text, []));
      if (!expanded) unfollowed.push(`${name} ${pointer}`);
      for (const each of expanded?.open ?? []) open[`${name} ${pointer}${each.pointer}`] = each.parts;
      return expanded ? expanded.value : text;
    });
  }
  return { values, unfollowed, refused, open };
}

function stackOf(layers: readonly Layer[], place: Place, at: number): Layer[] {
  const inOrder: Layer[] = [];
  for (const tenant of place.tenant === null ? [null] : [null, place.tenant]) {
    for (const environment of place.environment === 'base' ? ['base'] : ['base', place.environment]) {
      for (const isWindowed of [false, true]) {
        inOrder.push(
          ...layers
            .filter((layer) => layer.tenant === tenant && layer.environment === environment)
            .filter((layer) => ((layer.effectiveFrom ?? layer.effectiveUntil) !== null) === isWindowed)
            .filter(({ effectiveFrom: from }) => from === null || at >= from)
            .filter(({ effectiveUntil: until }) => until === null || at < until)
            .sort((a, b) => (a.configurationId < b.configurationId ? -1 : 1)),
        );
      }
    }
  }
  return inOrder;
}

function merge(name: string, stack: readonly Layer[], refused: string[]): Json {
  let document: Json = {};
  const finals: string[][] = [];
  for (const { values, finalKeys } of stack) {
    const patch = structuredClone(values) as { [name: string]: Json };
    for (const path of finals) {
      const depth = dropped(patch, path);
      if (depth > 0) refused.push(`${name} ${path.slice(0, depth).map(step).join('')}`);
    }
    document = patched(document, patch);
    finals.push(...finalKeys.map((key) => key.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'))));
  }
  return document;
}

/** Takes away what says something of the path; how many steps led to it, 0 is nothing. */
function dropped(object: { [name: string]: Json }, [name = '', ...rest]: readonly string[]): number {
  if (!Object.hasOwn(object, name)) return 0;
  const member = object[name];
  if (rest.length > 0 && isPlain(member)) {
    const depth = dropped(member, rest);
    return depth > 0 ? depth + 1 : 0;
  }
  delete object[name];
  return 1;
}

/** RFC 7396, section 2, but that a secret is no object. */
function patched(target: Json | undefined, patch: Json): Json {
  if (!isPlain(patch)) return patch;
  const members = new Map(isPlain(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, patched(members.get(name), value));
  }
  return Object.fromEntries(members);
}

interface Expanded {
  readonly value: Json;
  readonly height: number;
  readonly open: readonly { readonly pointer: string; readonly parts: string[] }[];
}

class Unfollowable extends Error {}

const TOKEN = /(\$\$\{config:)|\$\{config:([a-z][a-z0-9-]*)\.((?:\\[^]|[^\\}])+)\}/g;

/** A text, by putting in the place of each reference what it leads to. */
function expandText(documents: ReadonlyMap<string, Json>, text: string, seen: readonly string[]): Expanded {
  if (!text.includes('${config:')) return { value: text, height: 0, open: [] };
  if (seen.includes(text) || seen.length > 12) throw new Unfollowable();
  const tokens = [...text.matchAll(TOKEN)];
  const height = (inside: number): number => {
    if (inside >= 8) throw new Unfollowable();
    return inside + 1;
  };
  const take = ([, , name = '', path = '']: RegExpMatchArray): Expanded => {
    const taken = follow(documents, name, stepsOf(path), [...seen, text]);
    return { ...taken, height: height(taken.height) };
  };
  if (tokens[0]?.[0] === text && tokens[0][1] === undefined) return take(tokens[0]);
  const parts: string[] = [];
  let end = 0;
  let highest = 0;
  let isOpen = false;
  for (const token of tokens) {
    parts.push(text.slice(end, token.index));
    end = token.index + token[0].length;
    if (token[1] !== undefined) {
      parts.push('${config:');
      continue;
    }
    const taken = take(token);
    highest = Math.max(highest, taken.height);
    if (isSecret(taken.value)) {
      isOpen = true;
      parts.push(JSON.stringify(taken.value));
    } else if (typeof taken.value === 'string' && taken.open[0]) {
      isOpen = true;
      parts.push(...taken.open[0].parts);
    } else if (['string', 'number', 'boolean'].includes(typeof taken.value)) {
      parts.push(String(taken.value as string));
    } else {
      throw new Unfollowable();
    }
  }
  parts.push(text.slice(end));
  return isOpen
    ? { value: text, height: highest, open: [{ pointer: '', parts }] }
    : { value: parts.join(''), height: highest, open: [] };
}

function follow(
  documents: ReadonlyMap<string, Json>,
  name: string,
  path: readonly string[],
  seen: readonly string[],
): Expanded {
  let value = documents.get(name);
  let isExpanded = false;
  let height = 0;
  let open: Expanded['open'] = [];
  for (const name of path) {
    if (typeof value === 'string' && !isExpanded) {
      const expanded = expandText(documents, value, seen);
      ({ value, open } = expanded);
      height = Math.max(height, expanded.height);
      isExpanded = true;
    }
    value = Array.isArray(value)
      ? /^(0|[1-9][0-9]*)$/.test(name)
        ? value[Number(name)]
        : undefined
      : isPlain(value) && Object.hasOwn(value, name)
        ? value[name]
        : undefined;
    if (value === undefined) throw new Unfollowable();
    open = open.flatMap(({ pointer, parts }) =>
      pointer === step(name) || pointer.startsWith(`${step(name)}/`)
        ? [{ pointer: pointer.slice(step(name).length), parts }]
        : [],
    );
  }
  if (value === undefined) throw new Unfollowable();
  if (isExpanded) return { value, height, open };
  return expandAll(documents, value, seen);
}

function expandAll(documents: ReadonlyMap<string, Json>, value: Json, seen: readonly string[]): Expanded {
  let height = 0;
  const open: { pointer: string; parts: string[] }[] = [];
  const expanded = mapTexts(value, '', (text, pointer) => {
    const inside = expandText(documents, text, seen);
    height = Math.max(height, inside.height);
    open.push(...inside.open.map((each) => ({ ...each, pointer: pointer + each.pointer })));
    return inside.value;
  });
  return { value: expanded, height, open };
}

function mapTexts(value: Json, pointer: string, change: (text: string, pointer: string) => Json): Json {
  if (typeof value === 'string') return value.includes('${config:') ? change(value, pointer) : value;
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, `${pointer}/${index}`, change));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapTexts(member, pointer + step(name), change)]),
  );
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unfollowable) return null;
    throw error;
  }
}

function stepsOf(path: string): string[] {
  const steps = [''];
  for (const [token] of path.matchAll(/\\[^]|[^]/gu)) {
    if (token === '.') steps.push('');
    else
      steps.push((steps.pop() ?? '') + (token.length > 1 && token.startsWith('\\') ? token.slice(1) : token));
  }
  return steps;
}

const step = (name: string): string => '/' + name.split('~').join('~0').split('/').join('~1');
const isSecret = (value: Json | undefined): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, '$secret_ref');
const isPlain = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isSecret(value);
