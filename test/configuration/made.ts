import { randomUUID } from 'node:crypto';
import type { Reply, Sent, TestApi } from '../api.js';

export const CONFIGURATIONS = '/api/v1/configurations';

/** A name that nothing has. */
export const aService = (): string => `s-${randomUUID()}`;
export const aTenant = (): string => `t-${randomUUID()}`;

/** What is sent to make a configuration: shared, active, of production, of a service of its own. */
export const aBody = (body: object = {}): object => ({
  service_id: aService(),
  name: 'database',
  environment: 'production',
  values: { host: 'db.example.com', port: 5432 },
  ...body,
});

/** A configuration that was just made. */
export async function aConfiguration(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(CONFIGURATIONS, aBody(body), sent));
}

export function made({ status, body }: Reply): any {
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Where a configuration is, or something of it. */
export const at = ({ id }: { id: string }, rest = ''): string => `${CONFIGURATIONS}/${id}${rest}`;

/** Status and code of an answer. */
export const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

/** How many of several answers had each outcome. */
export function outcomes(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reply of replies) {
    const key = reply.body?.code === undefined ? `${reply.status}` : `${reply.status} ${reply.body.code}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The places and codes of everything that was wrong, sorted. */
export const mistakes = ({ body }: Pick<Reply, 'body'>): string[] =>
  body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort();

/** An instant so many hours from now. */
export const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
