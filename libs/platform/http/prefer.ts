import type { IncomingHttpHeaders } from 'node:http';

/** More than this and proxies give up the connection. */
const WAIT_SECONDS_MAX = 55;
/** `wait=10` among other preferences, each with or without parameters of its own (RFC 7240). */
const PREFERENCE = /^([^\s=;]+)[ \t]*(?:=[ \t]*(?:"([^"]*)"|([^\s;"]+)))?[ \t]*(?:;.*)?$/;
const WHOLE = /^\d{1,9}$/;

/**
 * For how many seconds the caller would wait: `Prefer: wait=N` (RFC 7240, 4.3), at most 55; null when there is no such wish.
 * A preference that cannot be read is as one that is not there, and of two the first counts.
 */
export function waitSecondsOf(headers: IncomingHttpHeaders): number | null {
  for (const preference of splitAtCommas([headers['prefer'] ?? []].flat().join(','))) {
    const [, name = '', quoted, token] = PREFERENCE.exec(preference.trim()) ?? [];
    if (name.toLowerCase() !== 'wait') continue;
    const seconds = quoted ?? token ?? '';
    return WHOLE.test(seconds) ? Math.min(Number(seconds), WAIT_SECONDS_MAX) : null;
  }
  return null;
}

/** What the answer says of the wish. */
export const preferenceApplied = (seconds: number): string => `wait=${seconds}`;

/** Commas inside of quotes part nothing. */
const splitAtCommas = (text: string): string[] => text.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
