import type { VaultSettings } from '../../domain/secret-provider-settings.js';
import { asMembers, SecretFailure } from './secret-source.js';
import type { FetchedSecret, SecretRequest, SecretSource } from './secret-source.js';
import { isSuccess, refusalIn, VaultHttp } from './vault-http.js';
import type { VaultReply } from './vault-http.js';
import { VaultSession } from './vault-session.js';
import type { VaultSessionParts } from './vault-session.js';

const VERSION = /^[1-9]\d{0,8}$/;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/**
 * KV version 2 of Vault and OpenBao: values are at `data.data`, and a deleted version is a 404 that has a body
 * (https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2).
 */
export class VaultSource implements SecretSource {
  readonly #http: VaultHttp;
  readonly #session: VaultSession;

  constructor(
    private readonly settings: VaultSettings,
    parts: Omit<VaultSessionParts, 'http' | 'auth'>,
  ) {
    this.#http = new VaultHttp(settings);
    this.#session = new VaultSession({ ...parts, http: this.#http, auth: settings.auth });
  }

  async fetch(request: SecretRequest): Promise<FetchedSecret> {
    if (request.version !== null && !VERSION.test(request.version))
      throw new SecretFailure('not_found', 'A version is a whole number from 1.');
    const token = await this.#session.token();
    const first = await this.#read(request, token);
    if (first.status !== FORBIDDEN) return secretIn(first);
    const other = await this.#session.insteadOf(token);
    if (other === null) return secretIn(first);
    const second = await this.#read(request, other);
    if (second.status === FORBIDDEN) this.#session.didNotHelp();
    return secretIn(second);
  }

  /** Standbys pass on what they are asked, so that they are as good as the active one. */
  async probe(signal: AbortSignal): Promise<string> {
    await this.#session.signIn(signal);
    return 'The provider answers and lets the service in.';
  }

  keepAlive(): Promise<void> {
    return this.#session.keepAlive();
  }

  #read({ path, version, signal }: SecretRequest, token: string): Promise<VaultReply> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const query = version === null ? '' : `?version=${version}`;
    return this.#http.send({
      method: 'GET',
      path: `${this.settings.mount}/data/${encoded}${query}`,
      token,
      signal,
    });
  }
}

/** @throws SecretFailure */
function secretIn(reply: VaultReply): FetchedSecret {
  const { data, metadata } = asMembers(reply.body?.['data']) ?? {};
  const facts = asMembers(metadata);
  const isGone = facts !== null && (facts['destroyed'] === true || Boolean(facts['deletion_time']));
  const fields = asMembers(data);
  if (fields === null && isGone && (isSuccess(reply) || reply.status === NOT_FOUND))
    throw new SecretFailure('deleted', 'This version of the secret was deleted.');
  if (!isSuccess(reply)) throw refusalIn(reply);
  if (fields === null) throw new SecretFailure('malformed', 'The answer is none of KV version 2.');
  const version = facts?.['version'];
  return { text: null, fields, version: typeof version === 'number' ? String(version) : null };
}
