import { CallContext } from '#platform/context';
import type { Database } from './database.js';
import { ServerSecrets } from './server-secrets.js';

function secretsIn(rows: readonly { name: string; secret: Buffer }[]): ServerSecrets {
  return new ServerSecrets({ read: async () => rows } as unknown as Database, new CallContext());
}

it('are those of the database', async () => {
  const secrets = secretsIn([
    { name: 'cursor', secret: Buffer.from('one') },
    { name: 'cache', secret: Buffer.from('two') },
  ]);
  await secrets.onModuleInit();
  expect([secrets.of('cursor').toString(), secrets.of('cache').toString()]).toEqual(['one', 'two']);
});

it('are not made up when one is missing, or asked for too early', async () => {
  const secrets = secretsIn([]);
  expect(() => secrets.of('cursor')).toThrow('before they are loaded');
  await secrets.onModuleInit();
  expect(() => secrets.of('cursor')).toThrow('The secret "cursor" is missing from platform.server_secret.');
});
