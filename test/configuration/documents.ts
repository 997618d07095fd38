import type { Reply, Sent, TestApi } from '../api.js';
import { CONFIGURATIONS, made } from './made.js';

export const YAML = { 'Content-Type': 'application/yaml' };

export const exportOf = async (api: TestApi, query: string): Promise<any> =>
  (await api.get(`${CONFIGURATIONS}/export?${query}`)).body;

export const importInto = (api: TestApi, query: string, document: unknown, sent: Sent = {}): Promise<Reply> =>
  api.post(`${CONFIGURATIONS}/import?${query}`, document, sent);

/** How many were created, updated, left unchanged and deleted. */
export const counts = ({ body }: Reply): number[] => [
  body.created,
  body.updated,
  body.unchanged,
  body.deleted,
];

/** A schema that was just made; it takes any object unless it says otherwise. */
export const aSchema = async (api: TestApi, body: object): Promise<any> =>
  made(await api.post(`${CONFIGURATIONS}/schemas`, { json_schema: { type: 'object' }, ...body }));

/** A configuration as a document has it. */
export const anItem = (item: object): object => ({
  name: 'database',
  environment: 'production',
  values: { a: 1 },
  ...item,
});
