import type { SecretCause } from '../../domain/secret-errors.js';

/** The most that a provider may answer with. */
export const ANSWER_BYTES_MAX = 1_048_576;
export const TOO_LARGE = 'The answer has more than 1 MiB.';

/** A secret cannot be had. Told in our own words alone, because what a provider says may hold anything. */
export class SecretFailure extends Error {
  override readonly name = 'SecretFailure';
  constructor(
    readonly why: SecretCause,
    detail: string,
  ) {
    super(detail);
  }
}

/** What a provider keeps at a path: one text, or fields. */
export interface FetchedSecret {
  /** A text by itself, which may be a JSON object of fields. */
  readonly text: string | null;
  readonly fields: Readonly<Record<string, unknown>> | null;
  /** As the provider calls it; null where it has none. */
  readonly version: string | null;
}

/** What is asked of a provider. */
export interface SecretRequest {
  /** Checked: see `pathProblem`. */
  readonly path: string;
  readonly version: string | null;
  /** When to give up. */
  readonly signal: AbortSignal;
}

/** One provider, as it is registered now. */
export interface SecretSource {
  /** @throws SecretFailure */
  fetch(request: SecretRequest): Promise<FetchedSecret>;
  /** Tries address and log-in; gives what was found, in words. @throws SecretFailure */
  probe(signal: AbortSignal): Promise<string>;
  /** Renews what runs out soon. */
  keepAlive?(): Promise<void>;
  close?(): void;
}

/**
 * A field of the secret, or the whole text where none is named. What is no text is given as JSON.
 * @throws SecretFailure
 */
export function valueIn({ text, fields }: FetchedSecret, field: string | null): string {
  if (field === null) {
    if (text !== null) return text;
    throw new SecretFailure('field_missing', 'The secret has fields, and the reference names none.');
  }
  const members = fields ?? membersOf(text ?? '');
  const value = members && Object.hasOwn(members, field) ? members[field] : undefined;
  if (value === undefined || value === null)
    throw new SecretFailure('field_missing', 'The secret has no such field.');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function membersOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return asMembers(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The value when it is a JSON object; else null. */
export const asMembers = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;

/** A failure of ours as it is; of anything else that is thrown only what kind of trouble it is. */
export function failureOf(error: unknown, signal: AbortSignal): SecretFailure {
  if (error instanceof SecretFailure) return error;
  if (signal.aborted) return timedOut();
  const code = codeOf(error);
  const detail =
    code === null ? 'The provider cannot be reached.' : `The provider cannot be reached: ${code}.`;
  return new SecretFailure('unreachable', detail);
}

export const timedOut = (): SecretFailure =>
  new SecretFailure('timeout', 'The provider did not answer in time.');

/** Gives up waiting in time, whatever the work does. @throws SecretFailure */
export function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(timedOut()), { once: true });
  });
  return Promise.race([work, ended]);
}

/** Node's own code of a failed connection, for example `ECONNREFUSED`. */
function codeOf(error: unknown): string | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
  return cause === undefined ? null : codeOf(cause);
}
