import type { Reply, Sent, TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { aStore, REQUESTS } from './sown.js';

/** What is sent to ask a question: in a store of its own, with nothing special. */
export const aBody = (body: object = {}): object => ({
  store_id: aStore(),
  kind: 'question',
  question: 'May the freezer be switched off?',
  ...body,
});

/** A request that was just made. */
export async function aRequest(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(REQUESTS, aBody(body), sent));
}

export function made({ status, body }: Reply): any {
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Where a request is, or something of it. */
export const at = ({ id }: { id: string }, rest = ''): string => `${REQUESTS}/${id}${rest}`;

/** Status and code of an answer. */
export const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

/** The status, the code, and the places and codes of everything that was wrong, sorted. */
export const mistakes = ({ status, body }: Reply): unknown[] => [
  status,
  body.code,
  ...(body.errors ?? []).map(({ pointer, code }: any) => `${pointer} ${code}`).sort(),
];

/** Lets the time of a request run out so many seconds from now, as if it had been asked for so. */
export const expire = (api: TestApi, { id }: { id: string }, seconds = -1): Promise<unknown> =>
  administer(
    api.database.url,
    `update supervisor.request set expires_at = clock_timestamp() + interval '1 second' * ${seconds},
       due_at = clock_timestamp() + interval '1 second' * ${seconds} where id = '${id}'`,
  );

/** What happened to a request, the oldest first. */
export async function historyOf(api: TestApi, request: { id: string }): Promise<any[]> {
  const { body } = await api.get(at(request, '/history'));
  return body.items.toReversed();
}

/** Sorted. */
export const statusesOf = (replies: readonly Reply[]): number[] =>
  replies.map(({ status }) => status).sort((a, b) => a - b);
