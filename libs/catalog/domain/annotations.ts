import { isLabelKey, pointerToken } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

/** What tools note about something: keys as those of labels, values any text. Nothing is selected by them. */
export type Annotations = Readonly<Record<string, string>>;

/** All keys and values together, in UTF-8. */
export const ANNOTATIONS_BYTES_MAX = 16_384;

/** Everything that is wrong with annotations, each mistake at the place of its key. */
export function annotationMistakes(annotations: Annotations): Violation[] {
  const entries = Object.entries(annotations);
  const detail =
    'The key of an annotation is written as that of a label: at most 63 of letters, digits, - _ . with a letter or digit at both ends; a DNS subdomain and a slash may stand before it.';
  const wrongKeys = entries.filter(([key]) => !isLabelKey(key));
  const tooMany = bytesOf(entries) > ANNOTATIONS_BYTES_MAX;
  return [
    ...wrongKeys.map(([key]) => ({
      pointer: `/annotations/${pointerToken(key)}`,
      code: 'label_key',
      detail,
    })),
    ...(tooMany ? [tooLarge] : []),
  ];
}

const tooLarge: Violation = {
  pointer: '/annotations',
  code: 'too_long',
  detail: `All annotations together have at most ${ANNOTATIONS_BYTES_MAX} bytes of keys and values.`,
};

function bytesOf(entries: readonly [string, string][]): number {
  const encoder = new TextEncoder();
  return entries.flat().reduce((bytes, text) => bytes + encoder.encode(text).length, 0);
}
