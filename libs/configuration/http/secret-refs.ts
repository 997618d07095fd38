import { at, Choice, Reading, Text } from '#platform/http';
import { KEY_LENGTH_MAX } from '../domain/configuration-content.js';
import { ON_ERROR } from '../domain/secret-reference.js';
import type { OnError, SecretPlacement } from '../domain/secret-reference.js';

const MEMBERS = ['key', 'vault_path', 'vault_key', 'provider', 'version', 'on_error'] as const;
const PATH_LENGTH_MAX = 1_024;
const TEXT_LENGTH_MAX = 255;
const ALIAS = /^[a-z][a-z0-9-]*$/;
const ALIAS_LENGTH_MAX = 63;

/** A property that holds a secret, and where the secret is kept. */
export class SecretRef {
  @Text({
    min: 1,
    max: KEY_LENGTH_MAX,
    description: 'Dotted path into the values; a dot inside of a name is written `\\.`.',
    example: 'credentials.password',
  })
  readonly key!: string;

  @Text({ min: 1, max: PATH_LENGTH_MAX, example: 'secret/order-service' })
  readonly vault_path!: string;

  @Text({
    optional: true,
    nullable: true,
    min: 1,
    max: TEXT_LENGTH_MAX,
    description: 'The field of the secret; null where the secret is one text.',
    example: 'password',
  })
  readonly vault_key?: string | null;

  @Text({
    optional: true,
    nullable: true,
    min: 1,
    max: ALIAS_LENGTH_MAX,
    pattern: ALIAS,
    description: 'Alias of the provider; null is the default one.',
    example: 'prod-vault',
  })
  readonly provider?: string | null;

  @Text({
    optional: true,
    nullable: true,
    min: 1,
    max: TEXT_LENGTH_MAX,
    description: 'As the provider calls it; null is the newest.',
    example: '3',
  })
  readonly version?: string | null;

  @Choice(ON_ERROR, { optional: true, default: 'fail', description: 'When it cannot be had.' })
  readonly on_error?: OnError;
}

/** As it is shown. */
export const toSecretRef = (placement: SecretPlacement): Required<SecretRef> => ({
  key: placement.key,
  vault_path: placement.path,
  vault_key: placement.field,
  provider: placement.provider,
  version: placement.version,
  on_error: placement.onError,
});

/** Reads the list; what is wrong is noted at its place. */
export const readSecretRefs = (
  sent: unknown,
  reading: Reading,
  pointer = '/secret_refs',
): SecretPlacement[] =>
  reading.list(sent, pointer).map((item, index) => readSecretRef(item, reading, at(pointer, index)));

function readSecretRef(sent: unknown, reading: Reading, pointer: string): SecretPlacement {
  const members = reading.object(sent, pointer, MEMBERS);
  const optional = (name: string, max: number): string | null =>
    members[name] === undefined || members[name] === null
      ? null
      : reading.text(members[name], at(pointer, name), max);
  const provider = optional('provider', ALIAS_LENGTH_MAX);
  if (provider !== null && provider !== '' && !ALIAS.test(provider))
    reading.note('pattern', at(pointer, 'provider'), `It must match ${ALIAS.source}.`);
  return {
    key: reading.text(members['key'], at(pointer, 'key'), KEY_LENGTH_MAX),
    path: reading.text(members['vault_path'], at(pointer, 'vault_path'), PATH_LENGTH_MAX),
    field: optional('vault_key', TEXT_LENGTH_MAX),
    provider,
    version: optional('version', TEXT_LENGTH_MAX),
    onError:
      members['on_error'] === undefined
        ? 'fail'
        : reading.choice(members['on_error'], at(pointer, 'on_error'), ON_ERROR),
  };
}
