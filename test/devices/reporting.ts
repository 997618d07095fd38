import { randomUUID } from 'node:crypto';
import type { TestApi } from '../api.js';
import { administer } from '../test-database.js';

export const DEVICES = '/api/v1/devices';

/** What a test says of a device. */
export interface Sown {
  readonly type?: string;
  readonly tenant?: string;
  readonly mac?: string | null;
  readonly heartbeat?: number;
  readonly desired?: object;
}

/** Puts devices into the database as they are; gives their ids. */
export async function sow(api: TestApi, sown: readonly Sown[]): Promise<string[]> {
  const rows = sown.map((each) => ({ id: randomUUID(), tenant: '_shared', type: 'generic', ...each }));
  const text = JSON.stringify(rows).replaceAll("'", "''");
  await administer(
    api.database.url,
    `insert into devices.device (id, tenant, version, name, device_type, mac_address, ip_address, registration_date,
       labels, attributes, desired, desired_version, heartbeat_seconds, search_text, created_at, updated_at, created_by, updated_by)
     select r.id, r.tenant, 1, r.id::text, r.type, r.mac, '192.0.2.1', now(), '{}', '{}', coalesce(r.desired, '{}'), 0,
       coalesce(r.heartbeat, 300), '', now(), now(), 'test', 'test'
     from json_to_recordset('${text}') as r(id uuid, tenant text, type text, mac text, desired json, heartbeat int)`,
  );
  return rows.map(({ id }) => id);
}

export async function aDevice(api: TestApi, sown: Sown = {}): Promise<string> {
  const [id = ''] = await sow(api, [sown]);
  return id;
}

export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();

export const statusOf = async (api: TestApi, id: string): Promise<any> =>
  (await api.get(`${DEVICES}/${id}/status`)).body;

/** Rows of the history, oldest recorded first. */
export async function historyOf(api: TestApi, id: string, kind = ''): Promise<any[]> {
  const query = kind === '' ? '' : `&kind=${kind}`;
  const { body } = await api.get(`${DEVICES}/${id}/history?limit=1000${query}`);
  return body.items.toReversed();
}

/** What the change log says of a device beside its versions. */
export async function actsOf(api: TestApi, id: string): Promise<any[]> {
  const rows = await administer<{ type: string; snapshot: { told: object } }>(
    api.database.url,
    `select type, snapshot from platform.change_log where aggregate_id = '${id}' and aggregate_version = 0
     order by revision, sub`,
  );
  return rows.map(({ type, snapshot }) => ({ type, ...snapshot.told }));
}

/** Codes of a refusal, and their places. */
export const mistakes = ({ status, body }: { status: number; body: any }): unknown[] => [
  status,
  body.code,
  ...(body.errors ?? []).map(({ pointer, code }: any) => `${pointer} ${code}`),
];
