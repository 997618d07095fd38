import { pointerToken } from './json.js';
import { InvalidInput } from './domain-error.js';
import type { Violation } from './domain-error.js';

/**
 * What something is marked with, by key: at most 64. Keys and values follow the syntax of Kubernetes
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set).
 */
export type Labels = Readonly<Record<string, string>>;

const LABELS_MAX = 64;
const PREFIX_LENGTH_MAX = 253;
const NAME_LENGTH_MAX = 63;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** A name of at most 63 characters, perhaps after a DNS subdomain and a slash, as `example.com/tier`. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash === -1) return isLabelName(key);
  return isDnsSubdomain(key.slice(0, slash)) && isLabelName(key.slice(slash + 1));
}

/** Empty, or at most 63 of letters, digits, `-`, `_` and `.`, the first and the last a letter or digit. */
export const isLabelValue = (value: string): boolean => value === '' || isLabelName(value);

const isLabelName = (text: string): boolean => text.length <= NAME_LENGTH_MAX && NAME.test(text);

const isDnsSubdomain = (text: string): boolean =>
  text.length <= PREFIX_LENGTH_MAX &&
  text.split('.').every((part) => part.length <= NAME_LENGTH_MAX && DNS_LABEL.test(part));

/**
 * Everything that is wrong with labels, each mistake at the place of its key.
 * @param pointer where the labels stand, for example `/labels`
 */
export function labelMistakes(labels: unknown, pointer: string): Violation[] {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels))
    return [{ pointer, code: 'type', detail: 'Labels are an object of texts.' }];
  const entries = Object.entries(labels as Record<string, unknown>);
  if (entries.length > LABELS_MAX)
    return [{ pointer, code: 'max_items', detail: `There are at most ${LABELS_MAX} labels.` }];
  return entries.flatMap(([key, value]) => labelMistake(key, value, `${pointer}/${pointerToken(key)}`));
}

function labelMistake(key: string, value: unknown, pointer: string): Violation[] {
  if (!isLabelKey(key)) {
    const detail =
      'The key of a label has at most 63 of letters, digits, - _ . and begins and ends with a letter or digit; a DNS subdomain and a slash may stand before it.';
    return [{ pointer, code: 'label_key', detail }];
  }
  if (typeof value === 'string' && isLabelValue(value)) return [];
  const detail =
    'The value of a label is empty, or has at most 63 of letters, digits, - _ . and begins and ends with a letter or digit.';
  return [{ pointer, code: 'label_value', detail }];
}

/** @throws InvalidInput */
export function checkedLabels(labels: Labels): Labels {
  const mistakes = labelMistakes(labels, '/labels');
  if (mistakes.length > 0) throw new InvalidInput(mistakes);
  return labels;
}
