import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '../test-database.js';
import type { Chance } from './chance.js';
import { ServiceProcess } from './service-process.js';

/** Processes of the service on one database, of which some are killed and others take their place. */
export class Replicas {
  readonly #running: ServiceProcess[] = [];

  private constructor(
    private readonly database: TestDatabase,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(
    database: TestDatabase,
    count: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Replicas> {
    const keys = { ENCRYPTION_KEYS: `trial:${randomBytes(32).toString('base64')}` };
    const replicas = new Replicas(database, { ...keys, ...env });
    try {
      await Promise.all(Array.from({ length: count }, () => replicas.add()));
    } catch (error) {
      await replicas.stop();
      throw error;
    }
    return replicas;
  }

  async add(): Promise<ServiceProcess> {
    const service = await ServiceProcess.start({ database: this.database, env: this.env });
    this.#running.push(service);
    return service;
  }

  get all(): readonly ServiceProcess[] {
    return this.#running;
  }

  /** One of those that are not known to be gone; another one than before where there is one. */
  any(chance: Chance, before: string | null = null): string {
    const urls = this.#running.filter(({ isAlive }) => isAlive).map(({ url }) => url);
    const others = urls.filter((url) => url !== before);
    return chance.pick(others.length > 0 ? others : urls);
  }

  /** Ends them; gives their exit codes, null for each that had been killed. */
  async stop(): Promise<(number | null)[]> {
    return Promise.all(this.#running.map((service) => service.stop()));
  }
}
