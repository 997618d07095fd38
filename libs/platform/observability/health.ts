import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { Database, DatabaseClock } from '#platform/database';

/** How a part is: `degraded` still serves. */
export type HealthStatus = 'ok' | 'degraded' | 'down';

/** One part and how it is. */
export interface PartHealth {
  readonly status: HealthStatus;
  /** For people. */
  readonly detail?: string;
}

/** Tells how its part is; must not take longer than a second. */
export type HealthCheck = () => PartHealth | Promise<PartHealth>;

const DATABASE_MS_MAX = 1_000;

/** How the process and its parts are. */
@Injectable()
export class Health implements BeforeApplicationShutdown {
  readonly #checks = new Map<string, HealthCheck>();
  #draining = false;

  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    private readonly context: CallContext,
  ) {
    this.register('database', () => this.#askDatabase());
  }

  register(part: string, check: HealthCheck): void {
    this.#checks.set(part, check);
  }

  /** True while requests that are under way are finished and no new ones are wanted. */
  get isDraining(): boolean {
    return this.#draining;
  }

  /** From now on the process is not ready; load balancers look elsewhere. */
  drain(): void {
    this.#draining = true;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }

  async parts(): Promise<Record<string, PartHealth>> {
    const entries = [...this.#checks].map(async ([part, check]) => [part, await check()] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async #askDatabase(): Promise<PartHealth> {
    try {
      const asked = this.context.runAsSystem('health', () =>
        this.database.read<{ now: Date }>({ name: 'health', text: 'select clock_timestamp() as now' }),
      );
      const late = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error('late')), DATABASE_MS_MAX).unref();
      });
      const [row] = await Promise.race([asked, late]);
      if (row) this.clock.observe(row.now);
      return { status: 'ok' };
    } catch {
      return { status: 'down', detail: 'The database does not answer.' };
    }
  }
}

/** The worst of the parts. */
export function overall(parts: Readonly<Record<string, PartHealth>>): HealthStatus {
  const statuses = new Set(Object.values(parts).map(({ status }) => status));
  if (statuses.has('down')) return 'down';
  return statuses.has('degraded') ? 'degraded' : 'ok';
}
