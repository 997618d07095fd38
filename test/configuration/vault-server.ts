import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ContractServer, json } from './contract-server.js';
import type { Arrived } from './contract-server.js';

interface Version {
  readonly data: object | null;
  readonly deletedAt: string;
  readonly isDestroyed: boolean;
}

interface Token {
  /** Seconds. */
  readonly ttl: number;
  readonly isRenewable: boolean;
}

const FOR_EVER: Token = { ttl: 0, isRenewable: false };
const CREATED = '2026-05-01T10:00:00.000000000Z';

/** The part of Vault's HTTP API that is used, as https://developer.hashicorp.com/vault/api-docs describes it. */
export class VaultServer extends ContractServer {
  readonly #secrets = new Map<string, Version[]>();
  readonly #tokens = new Map<string, Token>();
  readonly #roles = new Map<string, string>();
  /** What a log-in and a renewal grant. */
  lease = { ttl: 3_600, isRenewable: true };
  /** What a renewal grants, where it is something else. */
  renewedTtl: number | null = null;
  /** Paths whose secrets no token may read. */
  readonly forbidden = new Set<string>();
  namespace: string | null = null;

  static start(): Promise<VaultServer> {
    return new VaultServer().open();
  }

  private constructor() {
    super();
  }

  /** Makes a new version of a secret below the mount `secret`. */
  write(path: string, data: object): void {
    const version = { data, deletedAt: '', isDestroyed: false };
    this.#secrets.set(path, [...(this.#secrets.get(path) ?? []), version]);
  }

  delete(path: string, how: 'softly' | 'for good'): void {
    const versions = this.#secrets.get(path) ?? [];
    const isDestroyed = how === 'for good';
    const gone = { data: null, deletedAt: isDestroyed ? '' : CREATED, isDestroyed };
    this.#secrets.set(path, [...versions.slice(0, -1), gone]);
  }

  /** For ever, unless it says otherwise. */
  token({ ttl, isRenewable }: Token = FOR_EVER): string {
    const token = `hvs.${randomUUID()}`;
    this.#tokens.set(token, { ttl, isRenewable });
    return token;
  }

  /** Whoever shows both is let in: secret_id for an AppRole, jwt for a service account. */
  role(name: string, proof: string): void {
    this.#roles.set(name, proof);
  }

  revokeTokens(): void {
    this.#tokens.clear();
  }

  protected override answer(request: Arrived, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url, this.url);
    if (this.namespace !== null && request.headers['x-vault-namespace'] !== this.namespace) {
      json(response, 404, { errors: [] });
    } else if (/^\/v1\/auth\/[^/]+\/login$/.test(pathname)) this.#logIn(request, response);
    else if (!this.#tokens.has(tokenOf(request))) json(response, 403, { errors: ['permission denied'] });
    else if (pathname === '/v1/auth/token/lookup-self') this.#lookUp(tokenOf(request), response);
    else if (pathname === '/v1/auth/token/renew-self') this.#renew(tokenOf(request), response);
    else this.#read(pathname, searchParams.get('version'), response);
  }

  #logIn({ body }: Arrived, response: ServerResponse): void {
    const { role_id: id, secret_id: secret, role, jwt } = JSON.parse(body) as Record<string, string>;
    const proof = this.#roles.get(id ?? role ?? '');
    if (proof === undefined || proof !== (secret ?? jwt)) {
      json(response, id === undefined ? 403 : 400, { errors: ['invalid role or secret ID'] });
      return;
    }
    json(response, 200, authOf(this.token(this.lease), this.lease));
  }

  #lookUp(token: string, response: ServerResponse): void {
    const { ttl = 0, isRenewable = false } = this.#tokens.get(token) ?? {};
    json(response, 200, { data: { id: token, ttl, renewable: isRenewable, policies: ['default'] } });
  }

  #renew(token: string, response: ServerResponse): void {
    const { ttl = 0, isRenewable = false } = this.#tokens.get(token) ?? {};
    if (isRenewable) json(response, 200, authOf(token, { ttl: this.renewedTtl ?? ttl, isRenewable }));
    else json(response, 400, { errors: ['lease is not renewable'] });
  }

  #read(pathname: string, wanted: string | null, response: ServerResponse): void {
    const path = decodeURIComponent(pathname.replace('/v1/secret/data/', ''));
    const versions = this.#secrets.get(path) ?? [];
    const number = wanted === null ? versions.length : Number(wanted);
    const version = versions[number - 1];
    if (this.forbidden.has(path)) json(response, 403, { errors: ['1 error occurred: permission denied'] });
    else if (!version) json(response, 404, { errors: [] });
    else {
      const metadata = {
        ...{ created_time: CREATED, custom_metadata: null, deletion_time: version.deletedAt },
        ...{ destroyed: version.isDestroyed, version: number },
      };
      json(response, version.data ? 200 : 404, { data: { data: version.data, metadata }, warnings: null });
    }
  }
}

const tokenOf = ({ headers }: Arrived): string => String(headers['x-vault-token']);

const authOf = (token: string, { ttl, isRenewable: renewable }: Token): object => ({
  data: null,
  auth: { client_token: token, accessor: 'a', policies: ['default'], lease_duration: ttl, renewable },
});
