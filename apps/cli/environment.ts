import { randomBytes } from 'node:crypto';
import { encryptionKey, generateKey } from './keys.js';

const PASSWORD_BYTES = 24;

/**
 * The file `.env` of a new installation with docker-compose.yml: the secrets that it has to have, each made this moment. Everything
 * else has a default, see .env.example.
 */
export function newEnvironment(): string {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url'); // Part of a URL as it is.
  return [
    '# The secrets of this installation: keep a copy elsewhere. Without ENCRYPTION_KEYS what is encrypted is lost.',
    `ENCRYPTION_KEYS=${encryptionKey()}`,
    '# The first administrator signs in with this token.',
    `METASTORE_BOOTSTRAP_KEY=${generateKey()}`,
    '# Of the PostgreSQL in docker-compose.yml, which takes it when its volume is made.',
    `POSTGRES_PASSWORD=${password}`,
  ].join('\n');
}
