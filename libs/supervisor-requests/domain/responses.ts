import { lengthOf } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { bytesOf } from './json.js';
import { DECISIONS } from './request-state.js';
import type { Answer, Decision, RequestContent, RequestKind } from './request-state.js';

export const TEXT_LENGTH_MAX = 4_000;
const DATA_BYTES_MAX = 32 * 1024;

/** What somebody says to a request, as it came. */
export interface SaidAnswer {
  readonly text: string | null;
  readonly decision: Decision | null;
  /** Undefined where nothing is said; null is a value. */
  readonly data: unknown;
}

/** What decides whether an answer fits. */
export type Answerable = Pick<RequestContent, 'kind' | 'options' | 'responseSchema'>;

/** What may be decided about a request of a kind. */
const decisionsOf = (kind: RequestKind): readonly Decision[] =>
  DECISIONS.filter((decision) => (kind === 'approval') === (decision !== 'answered'));

/** The answer, once it fits. */
export const toAnswer = ({ text, decision, data }: SaidAnswer): Answer => ({
  text,
  decision: decision ?? 'answered',
  data: data ?? null,
});

/** Whether `data` is held against the schema: a rejection says no to all of it, so that it may leave it out. */
export const isSchemaAsked = ({ responseSchema }: Answerable, { decision, data }: SaidAnswer): boolean =>
  responseSchema !== null && (data !== undefined || decision !== 'rejected');

/** Everything that is wrong with an answer but what the schema says of its data. */
export function answerMistakes(request: Answerable, said: SaidAnswer, pointer = ''): Violation[] {
  return [
    ...decisionMistakes(request, said, pointer),
    ...textMistakes(request, said, pointer),
    ...dataMistakes(said, pointer),
  ];
}

function decisionMistakes({ kind }: Answerable, { decision }: SaidAnswer, pointer: string): Violation[] {
  const place = `${pointer}/decision`;
  const possible = decisionsOf(kind);
  if (decision === null && kind === 'approval')
    return [{ pointer: place, code: 'required', detail: 'An approval is approved or rejected.' }];
  if (decision === null || possible.includes(decision)) return [];
  return [{ pointer: place, code: 'choice', detail: `It must be one of ${possible.join(', ')}.` }];
}

function textMistakes(request: Answerable, said: SaidAnswer, place: string): Violation[] {
  const { options, kind } = request;
  const { text, decision, data } = said;
  const pointer = `${place}/text`;
  if (text === null) {
    if (decision === 'rejected') return [];
    if (options) return [{ pointer, code: 'required', detail: 'It must be one of the options.' }];
    if (kind !== 'question' || data !== undefined) return [];
    return [{ pointer, code: 'required', detail: 'A question is answered by a text, by data or by both.' }];
  }
  if (options) {
    if (options.includes(text)) return [];
    return [{ pointer, code: 'not_an_option', detail: 'It must be one of the options.' }];
  }
  if (text === '') return [{ pointer, code: 'too_short', detail: 'It must have at least 1 characters.' }];
  if (lengthOf(text) <= TEXT_LENGTH_MAX) return [];
  return [{ pointer, code: 'too_long', detail: `It must have at most ${TEXT_LENGTH_MAX} characters.` }];
}

function dataMistakes({ data }: SaidAnswer, pointer: string): Violation[] {
  if (data === undefined || bytesOf(data) <= DATA_BYTES_MAX) return [];
  const detail = `It has at most ${DATA_BYTES_MAX / 1024} KiB.`;
  return [{ pointer: `${pointer}/data`, code: 'too_large', detail }];
}
