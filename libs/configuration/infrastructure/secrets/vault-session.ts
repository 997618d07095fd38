import type { Clock } from '#shared-kernel';
import type { ProviderCredentials, VaultAuth } from '../../domain/secret-provider-settings.js';
import { asMembers, SecretFailure } from './secret-source.js';
import { isSuccess, refusalIn } from './vault-http.js';
import type { VaultHttp, VaultReply } from './vault-http.js';

/** When a lease is renewed, as a share of its time. */
const RENEWED_AT = 2 / 3;
/** For how long a log-in that did not help is not tried again: each one leaves a token behind in Vault. */
const USELESS_MS = 30_000;

/** What a session works with. */
export interface VaultSessionParts {
  readonly http: VaultHttp;
  readonly auth: VaultAuth;
  readonly credentials: ProviderCredentials;
  readonly clock: Clock;
  /** The token of a service account. @throws SecretFailure */
  readonly readJwt: (path: string) => Promise<string>;
  /** For each request of its own. */
  readonly timeoutMs: number;
}

/** A token and how long it is good for; times in milliseconds since 1970, null is for ever. */
interface Lease {
  readonly token: string;
  readonly isRenewable: boolean;
  /** What a log-in grants. */
  readonly grantedMs: number;
  readonly endsAt: number | null;
  readonly dueAt: number | null;
}

/** Keeps one log-in for all who ask; those who come at the same time wait for the same one. */
export class VaultSession {
  #lease: Lease | null = null;
  #pending: Promise<Lease> | null = null;
  #uselessUntil = 0;

  constructor(private readonly parts: VaultSessionParts) {}

  /** A token that is good now. @throws SecretFailure */
  async token(): Promise<string> {
    const lease = this.#lease;
    if (lease && !this.#isDue(lease)) return lease.token;
    return (await this.#alone(() => this.#obtain())).token;
  }

  /** Another token in place of one that was refused; null where there is none to be had. @throws SecretFailure */
  async insteadOf(refused: string): Promise<string | null> {
    if (this.parts.auth.method === 'token') return null;
    if (this.#lease && this.#lease.token !== refused) return this.#lease.token;
    if (this.#now() < this.#uselessUntil) return null;
    return (await this.#alone(() => this.#logIn())).token;
  }

  /** The new token was refused, too: it was not the log-in. */
  didNotHelp(): void {
    this.#uselessUntil = this.#now() + USELESS_MS;
  }

  /** Renews the lease of whoever was asked before and is due. @throws SecretFailure */
  async keepAlive(): Promise<void> {
    if (this.#lease && this.#isDue(this.#lease)) await this.token();
  }

  /** Signs in anew, or, with a token, asks whether it is good. @throws SecretFailure */
  async signIn(signal: AbortSignal): Promise<void> {
    const { http, auth } = this.parts;
    if (auth.method !== 'token') await this.#alone(() => this.#logIn());
    else {
      const reply = await http.send({ method: 'GET', path: LOOKUP, token: this.#ownToken(), signal });
      if (!isSuccess(reply)) throw loginRefusal(reply);
    }
  }

  #alone(work: () => Promise<Lease>): Promise<Lease> {
    this.#pending ??= work()
      .then((lease) => (this.#lease = lease))
      .finally(() => {
        this.#pending = null;
      });
    return this.#pending;
  }

  /** A lease that is good goes on until its end, whatever hinders its renewal. */
  async #obtain(): Promise<Lease> {
    const lease = this.#lease;
    if (lease === null || lease.endsAt === null || this.#now() >= lease.endsAt) return this.#logIn();
    try {
      return await (lease.isRenewable ? this.#renew(lease) : this.#logIn());
    } catch {
      return { ...lease, dueAt: this.#now() + (lease.endsAt - this.#now()) * (1 - RENEWED_AT) };
    }
  }

  /** One that nears its greatest age is granted less and less: then a log-in is better. */
  async #renew(lease: Lease): Promise<Lease> {
    const { http, auth } = this.parts;
    const request = { method: 'POST', path: 'auth/token/renew-self', token: lease.token, body: {} } as const;
    const reply = await http.send({ ...request, signal: this.#signal() });
    if (reply.status >= 500 || reply.status === 429) throw refusalIn(reply);
    const renewed = isSuccess(reply) ? this.#leaseIn(reply, lease) : null;
    if (auth.method === 'token') return renewed ?? { ...lease, dueAt: null };
    if (renewed === null || renewed.grantedMs * 2 < lease.grantedMs) return this.#logIn();
    return { ...renewed, grantedMs: lease.grantedMs };
  }

  async #logIn(): Promise<Lease> {
    const { http, auth } = this.parts;
    if (auth.method === 'token') return this.#lookUp();
    const path = `auth/${auth.mount}/login`;
    const body = await this.#proof(auth);
    const reply = await http.send({ method: 'POST', path, body, signal: this.#signal() });
    if (!isSuccess(reply)) throw loginRefusal(reply);
    const lease = this.#leaseIn(reply, null);
    if (lease) return lease;
    throw new SecretFailure('malformed', 'The provider’s answer to the log-in cannot be read.');
  }

  async #proof(auth: Exclude<VaultAuth, { method: 'token' }>): Promise<object> {
    if (auth.method === 'approle')
      return { role_id: auth.roleId, secret_id: this.parts.credentials.secretId ?? '' };
    return { role: auth.role, jwt: (await this.parts.readJwt(auth.jwtPath)).trim() };
  }

  /** How long a given token is good for. Whoever may not ask that takes it to be good for ever. */
  async #lookUp(): Promise<Lease> {
    const token = this.#ownToken();
    const { http } = this.parts;
    const reply = await http.send({ method: 'GET', path: LOOKUP, token, signal: this.#signal() });
    if (!isSuccess(reply) && reply.status !== 403) throw loginRefusal(reply);
    const { ttl, renewable } = asMembers(reply.body?.['data']) ?? {};
    const lease = this.#leaseOf(token, { seconds: ttl, renewable });
    return lease.isRenewable ? lease : { ...lease, dueAt: null };
  }

  #leaseIn({ body }: VaultReply, before: Lease | null): Lease | null {
    const { client_token: told, lease_duration: seconds, renewable } = asMembers(body?.['auth']) ?? {};
    const token = typeof told === 'string' && told !== '' ? told : before?.token;
    return token === undefined ? null : this.#leaseOf(token, { seconds, renewable });
  }

  #leaseOf(token: string, { seconds, renewable }: { seconds: unknown; renewable: unknown }): Lease {
    const grantedMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : 0;
    const now = this.#now();
    const ends = (share: number): number | null => (grantedMs === 0 ? null : now + grantedMs * share);
    return { token, isRenewable: renewable === true, grantedMs, endsAt: ends(1), dueAt: ends(RENEWED_AT) };
  }

  #isDue({ dueAt }: Lease): boolean {
    return dueAt !== null && this.#now() >= dueAt;
  }

  #ownToken(): string {
    return this.parts.credentials.token ?? '';
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }

  #signal(): AbortSignal {
    return AbortSignal.timeout(this.parts.timeoutMs);
  }
}

const LOOKUP = 'auth/token/lookup-self';

/** Wrong credentials are told as such; all other troubles as what they are. */
function loginRefusal(reply: VaultReply): SecretFailure {
  if (![400, 401, 403, 404].includes(reply.status)) return refusalIn(reply);
  return new SecretFailure('login_failed', 'The provider does not let the service in.');
}
