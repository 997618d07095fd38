import type { VaultSettings } from '../../domain/secret-provider-settings.js';
import { ANSWER_BYTES_MAX, asMembers, failureOf, SecretFailure, TOO_LARGE } from './secret-source.js';

/** A request to Vault's HTTP API, see https://developer.hashicorp.com/vault/api-docs. */
export interface VaultRequest {
  readonly method: 'GET' | 'POST';
  /** Below `/v1/`, encoded. */
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface VaultReply {
  readonly status: number;
  /** Null where it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** Speaks HTTP with one Vault or OpenBao. Follows no redirect: the address is the one that was registered. */
export class VaultHttp {
  readonly #base: string;

  constructor(private readonly settings: Pick<VaultSettings, 'address' | 'namespace'>) {
    this.#base = `${settings.address.replace(/\/+$/, '')}/v1/`;
  }

  /** @throws SecretFailure when there is no answer, or one that is too long */
  async send({ method, path, token, body, signal }: VaultRequest): Promise<VaultReply> {
    try {
      const response = await fetch(this.#base + path, {
        method,
        redirect: 'manual',
        signal,
        headers: {
          'X-Vault-Request': 'true',
          ...(token !== undefined && { 'X-Vault-Token': token }),
          ...(this.settings.namespace !== null && { 'X-Vault-Namespace': this.settings.namespace }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: membersIn(await boundedText(response)) };
    } catch (error) {
      throw failureOf(error, signal);
    }
  }
}

/** No more of it is read than an answer may have. */
async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) throw new SecretFailure('too_large', TOO_LARGE);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function membersIn(text: string): VaultReply['body'] {
  try {
    return asMembers(JSON.parse(text));
  } catch {
    return null;
  }
}

const SEALED = 503;
const NO_ANSWER: ReadonlyMap<number, [SecretFailure['why'], string]> = new Map([
  [404, ['not_found', 'There is no such secret.']],
  [403, ['forbidden', 'The provider refuses the service this secret.']],
  [429, ['throttled', 'The provider is asked too often.']],
  [472, ['unavailable', 'The provider is a standby for disaster recovery.']],
  [473, ['unavailable', 'The provider is a standby.']],
  [SEALED, ['unavailable', 'The provider cannot answer now.']],
]);

/** Why an answer that is none of the 200s is no secret. */
export function refusalIn({ status, body }: VaultReply): SecretFailure {
  if (status === SEALED && JSON.stringify(body?.['errors'] ?? body).includes('sealed'))
    return new SecretFailure('sealed', 'The provider is sealed.');
  if (status >= 300 && status < 400)
    return new SecretFailure(
      'redirected',
      'The provider answers from elsewhere; redirects are not followed.',
    );
  const [why, detail] = NO_ANSWER.get(status) ?? [
    status >= 500 ? 'unavailable' : 'refused',
    `The provider answers with status ${status}.`,
  ];
  return new SecretFailure(why, detail);
}

export const isSuccess = ({ status }: VaultReply): boolean => status >= 200 && status < 300;
