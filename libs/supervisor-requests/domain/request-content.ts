import { InvalidInput, lengthOf } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { escalationMistakes } from './escalation.js';
import { bytesOf } from './json.js';
import { answerMistakes, toAnswer } from './responses.js';
import type { SaidAnswer } from './responses.js';
import { storeMistakes } from './store-id.js';
import type { RequestContent, SupervisorRequestState } from './request-state.js';

export const QUESTION_LENGTH_MAX = 4_000;
export const OPTIONS_MAX = 100;
export const OPTION_LENGTH_MAX = 1_000;
export const DETAILS_BYTES_MAX = 32 * 1024;
export const PRIORITY_MAX = 5;
export const PRIORITY_DEFAULT = 3;
export const TIMEOUT_SECONDS_MIN = 5;
export const TIMEOUT_SECONDS_MAX = 2_592_000;
export const TIMEOUT_SECONDS_DEFAULT = 1_800;
export const DEDUPE_KEY_LENGTH_MAX = 255;
export const CALLBACK_LENGTH_MAX = 2_048;
const SECOND_MS = 1_000;

/** What the asker says of a new request. */
export interface NewRequestContent extends Omit<RequestContent, 'expiresAt' | 'defaultResponse'> {
  readonly timeoutSeconds: number;
  readonly defaultResponse: SaidAnswer | null;
}

/** What was asked, so that it can be told from something else; who asked, and when, is no part of it. */
export function askedOf(content: NewRequestContent | SupervisorRequestState): object {
  const { defaultResponse } = content;
  const timeoutSeconds =
    'timeoutSeconds' in content
      ? content.timeoutSeconds
      : (content.expiresAt.getTime() - content.requestTimestamp.getTime()) / SECOND_MS;
  return {
    storeId: content.storeId,
    kind: content.kind,
    question: content.question,
    options: content.options,
    responseSchema: content.responseSchema,
    details: content.details,
    priority: content.priority,
    timeoutSeconds,
    assigneeTeamId: content.assigneeTeamId,
    onTimeout: content.onTimeout,
    defaultResponse: defaultResponse && toAnswer(defaultResponse),
    allowLateResponse: content.allowLateResponse,
    dedupeKey: content.dedupeKey,
    callbackUrl: content.callbackUrl,
    escalation: content.escalation,
  };
}

/** What is to change; absent leaves as it is. */
export type RequestRevision = Partial<
  Pick<RequestContent, 'priority' | 'assigneeTeamId' | 'details' | 'expiresAt'>
>;

/** @throws InvalidInput */
export function checkedContent(content: NewRequestContent): NewRequestContent {
  const violations = contentMistakes(content);
  if (violations.length > 0) throw new InvalidInput(violations);
  return content;
}

/** Everything that is wrong with what somebody asks, but for what is not there and what schemas say. */
export function contentMistakes(content: NewRequestContent): Violation[] {
  return [
    ...storeMistakes(content.storeId, '/store_id'),
    ...lengthMistakes(content.question, '/question', QUESTION_LENGTH_MAX),
    ...optionMistakes(content.options),
    ...detailsMistakes(content.details),
    ...priorityMistakes(content.priority, '/priority'),
    ...timeoutMistakes(content.timeoutSeconds),
    ...lengthMistakes(content.dedupeKey, '/dedupe_key', DEDUPE_KEY_LENGTH_MAX),
    ...callbackMistakes(content.callbackUrl),
    ...silenceMistakes(content),
    ...escalationMistakes(content.escalation),
    ...content.escalation.flatMap(({ priority }, index) =>
      priorityMistakes(priority, `/escalation/${index}/priority`),
    ),
  ];
}

/** Everything that is wrong with a change, at an instant. */
export function revisionMistakes(
  { priority, details, expiresAt }: RequestRevision,
  requestTimestamp: Date,
  now: Date,
): Violation[] {
  return [
    ...priorityMistakes(priority ?? null, '/priority'),
    ...(details ? detailsMistakes(details) : []),
    ...(expiresAt ? expiryMistakes(expiresAt, requestTimestamp, now) : []),
  ];
}

function expiryMistakes(expiresAt: Date, requestTimestamp: Date, now: Date): Violation[] {
  const pointer = '/expires_at';
  if (expiresAt <= now) return [{ pointer, code: 'past', detail: 'It must lie in the future.' }];
  if (expiresAt.getTime() - requestTimestamp.getTime() <= TIMEOUT_SECONDS_MAX * SECOND_MS) return [];
  const detail = `It is at most ${TIMEOUT_SECONDS_MAX} seconds after request_timestamp.`;
  return [{ pointer, code: 'range', detail }];
}

function detailsMistakes(details: object): Violation[] {
  if (bytesOf(details) <= DETAILS_BYTES_MAX) return [];
  const detail = `It has at most ${DETAILS_BYTES_MAX / 1024} KiB.`;
  return [{ pointer: '/details', code: 'too_large', detail }];
}

function priorityMistakes(priority: number | null, pointer: string): Violation[] {
  if (priority === null || (Number.isInteger(priority) && priority >= 1 && priority <= PRIORITY_MAX))
    return [];
  return [{ pointer, code: 'range', detail: `It is a whole number from 1 to ${PRIORITY_MAX}.` }];
}

function timeoutMistakes(seconds: number): Violation[] {
  if (Number.isInteger(seconds) && seconds >= TIMEOUT_SECONDS_MIN && seconds <= TIMEOUT_SECONDS_MAX)
    return [];
  const detail = `It is a whole number from ${TIMEOUT_SECONDS_MIN} to ${TIMEOUT_SECONDS_MAX}.`;
  return [{ pointer: '/timeout_seconds', code: 'range', detail }];
}

function optionMistakes(options: readonly string[] | null): Violation[] {
  if (options === null) return [];
  const pointer = '/options';
  const detail = `It has 1 to ${OPTIONS_MAX} items.`;
  if (options.length === 0) return [{ pointer, code: 'too_few_options', detail }];
  if (options.length > OPTIONS_MAX) return [{ pointer, code: 'too_many', detail }];
  return options.flatMap((option, index) => {
    const place = `${pointer}/${index}`;
    if (options.indexOf(option) === index) return lengthMistakes(option, place, OPTION_LENGTH_MAX);
    return [{ pointer: place, code: 'duplicate', detail: 'Another option says the same.' }];
  });
}

/** Nobody approves by silence; and what is said then is said only where it is wanted. */
function silenceMistakes(content: NewRequestContent): Violation[] {
  const { kind, onTimeout, defaultResponse } = content;
  const pointer = '/default_response';
  if (onTimeout === 'unresolved') {
    if (defaultResponse === null) return [];
    const detail = 'It is taken with on_timeout default_response alone.';
    return [{ pointer, code: 'default_unused', detail }];
  }
  if (kind === 'approval') {
    const detail = 'Nobody approves by silence: of an approval it is unresolved.';
    return [{ pointer: '/on_timeout', code: 'approval_by_silence', detail }];
  }
  if (defaultResponse === null)
    return [{ pointer, code: 'required', detail: 'With on_timeout default_response it is required.' }];
  return answerMistakes(content, defaultResponse, pointer);
}

function lengthMistakes(text: string | null, pointer: string, max: number): Violation[] {
  if (text === null || (text !== '' && lengthOf(text) <= max)) return [];
  const code = text === '' ? 'too_short' : 'too_long';
  return [{ pointer, code, detail: `It must have 1 to ${max} characters.` }];
}

/** Where the host may lie is looked at when it is called. */
function callbackMistakes(url: string | null): Violation[] {
  if (url === null) return [];
  if (url.length > CALLBACK_LENGTH_MAX) return lengthMistakes(url, '/callback_url', CALLBACK_LENGTH_MAX);
  if (isCallback(url)) return [];
  const detail = 'It must be an http or https URL without credentials.';
  return [{ pointer: '/callback_url', code: 'url', detail }];
}

function isCallback(text: string): boolean {
  if (/\s/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && hostname !== '' && username + password === '';
}
