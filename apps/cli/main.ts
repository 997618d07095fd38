import { parseArgs } from 'node:util';
import { readSettings } from '#platform/config';
import { newEnvironment } from './environment.js';
import { compactHistory } from './history.js';
import { createKeys, encryptionKey, generateKey, listKeys, revokeKey } from './keys.js';
import { migrateDatabase } from './migrate.js';
import { explain } from './session.js';

const USAGE = `Usage: npm run cli -- <command>

  keys create --name <text> --role <role> [--tenant <slug>] [--expires <time>]
                        makes an API key and shows its token once
  keys list             shows all keys, never their secrets
  keys revoke <id>      closes a key at once, on every replica
  keys generate         prints a token for METASTORE_BOOTSTRAP_KEY, and stores nothing
  keys encryption       prints a value for ENCRYPTION_KEYS, and stores nothing
  history compact [--before <day>] [--dry-run]
                        removes from old months what is not kept, or says what would go
  migrate               brings the database's schema up to date
  env                   prints a file .env with new secrets for docker-compose.yml, and stores nothing

The settings are those of the service: DATABASE_URL, or the embedded database in DATA_DIR, whether the service
runs on it or not.`;

type Command = (args: {
  positionals: string[];
  values: Record<string, string | undefined>;
  flags: { 'dry-run'?: boolean | undefined };
}) => Promise<string> | string;

const COMMANDS: Readonly<Record<string, Command>> = {
  'keys create': ({ values }) => createKeys(readSettings(process.env), values),
  'keys list': () => listKeys(readSettings(process.env)),
  'keys revoke': ({ positionals }) => revokeKey(readSettings(process.env), positionals[2]),
  'keys generate': () => generateKey(),
  'keys encryption': () => encryptionKey(),
  'history compact': ({ values, flags }) =>
    compactHistory(readSettings(process.env), { ...values, ...flags }),
  migrate: () => migrateDatabase(readSettings(process.env)),
  env: () => newEnvironment(),
};

async function main(): Promise<void> {
  try {
    const {
      values: { 'dry-run': dryRun, ...values },
      positionals,
    } = parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        role: { type: 'string' },
        tenant: { type: 'string' },
        expires: { type: 'string' },
        before: { type: 'string' },
        'dry-run': { type: 'boolean' },
      },
    });
    const command = COMMANDS[positionals.slice(0, 2).join(' ')] ?? COMMANDS[positionals[0] ?? ''];
    if (!command) {
      process.stderr.write(`${USAGE}\n`);
      process.exitCode = 2;
      return;
    }
    process.stdout.write(`${await command({ positionals, values, flags: { 'dry-run': dryRun } })}\n`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

await main();
