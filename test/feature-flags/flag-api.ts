import { randomUUID } from 'node:crypto';
import type { Reply, Sent, TestApi } from '../api.js';

export const FLAGS = '/api/v1/feature-flags';
export const SEGMENTS = `${FLAGS}/segments`;

export const newName = (): string => `f-${randomUUID()}`;
export const newTenant = (): string => `t-${randomUUID()}`;

/** A new flag as the service shows it: enabled, boolean, on for everybody where the test says nothing else. */
export async function withFlag(api: TestApi, fields: object = {}, sent: Sent = {}): Promise<any> {
  const body = { name: newName(), enabled: true, default_value: false, ...fields };
  const { status, body: flag } = await api.post(FLAGS, body, sent);
  if (status !== 201) throw new Error(`The flag was refused: ${JSON.stringify(flag)}`);
  return flag;
}

/** Asks for one flag. */
export function evaluate(api: TestApi, name: string, rest: object = {}, sent: Sent = {}): Promise<Reply> {
  return api.post(`${FLAGS}/evaluate`, { name, context: {}, ...rest }, sent);
}
