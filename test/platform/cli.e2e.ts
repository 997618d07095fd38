import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeys, listKeys, revokeKey } from '../../apps/cli/keys.js';
import { startService } from '../../apps/api/start.js';
import type { Service } from '../../apps/api/start.js';
import { readSettings } from '#platform/config';
import { createLogger } from '#platform/observability';
import { eventually } from '../api.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metastore-cli-'));
  await chmod(folder, 0o755); // The account of the server goes through it.
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

describe('keys on the embedded database', () => {
  const settings = () => readSettings({ DATA_DIR: join(folder, 'data'), APP_PORT: '0', LOG_LEVEL: 'silent' });
  let service: Service;

  beforeAll(async () => {
    const logger = createLogger({ level: 'silent', pretty: false });
    service = await startService(settings(), logger, () => undefined);
  });

  afterAll(() => service.stop());

  const statusWith = async (token: string): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(`${service.url}/api/v1/metadata`, { headers })).status;
  };

  it('are made and revoked while the service runs on it', async () => {
    const said = await createKeys(settings(), { name: 'leaked', role: 'viewer' });
    const token = /^mst_\S+$/m.exec(said)?.[0] ?? '';
    const id = said.split(' ', 1)[0] ?? '';
    expect(await statusWith(token)).toBe(200);
    expect(await listKeys(settings())).toContain(`${id}  viewer  platform-wide`);
    expect(await revokeKey(settings(), id)).toMatch(/ {2}revoked /);
    await eventually(
      () => statusWith(token),
      (status) => status === 401,
    );
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });
});
