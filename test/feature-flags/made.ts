import { randomUUID } from 'node:crypto';
import type { Reply, Sent, TestApi } from '../api.js';

export const FLAGS = '/api/v1/feature-flags';
export const SEGMENTS = `${FLAGS}/segments`;

/** A name that nothing has. */
export const aName = (): string => `n-${randomUUID()}`;
export const aTenant = (): string => `t-${randomUUID()}`;

/** A flag that was just made: boolean, enabled, false by default. */
export async function aFlag(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(FLAGS, { name: aName(), enabled: true, default_value: false, ...body }, sent));
}

export async function aSegment(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(SEGMENTS, { name: aName(), ...body }, sent));
}

function made({ status, body }: Reply): any {
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Status and code of an answer. */
export const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

/** The places and codes of everything that was wrong, sorted. */
export const mistakes = ({ body }: Reply): string[] =>
  body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort();

/** Asks for one flag. */
export function evaluate(api: TestApi, name: string, rest: object = {}, sent: Sent = {}): Promise<Reply> {
  return api.post(`${FLAGS}/evaluate`, { name, context: {}, ...rest }, sent);
}
