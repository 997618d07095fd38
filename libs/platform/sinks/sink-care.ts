import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import {
  ParkedEventGone,
  ParkedEventNotFound,
  RedeliveryFailed,
  SinkInUse,
  SinkNotSet,
} from './sink-errors.js';
import { SinkLeases } from './sink-leases.js';
import { SinkQueries } from './sink.queries.js';
import { Sinks } from './sinks.js';

/** What people do about sinks. */
@Injectable()
export class SinkCare {
  constructor(
    private readonly database: Database,
    private readonly queries: SinkQueries,
    private readonly leases: SinkLeases,
    private readonly sinks: Sinks,
  ) {}

  /**
   * Delivers now what was put aside; what came after it went before it.
   * @throws SinkNotFound, ParkedEventNotFound, ParkedEventGone, SinkNotSet, RedeliveryFailed
   */
  async retry(name: string, id: string): Promise<void> {
    const { kind } = await this.queries.get(name);
    const parked = await this.queries.parkedOne(name, id);
    if (!parked) throw new ParkedEventNotFound();
    const event = await this.queries.logged(parked);
    if (!event) throw new ParkedEventGone();
    const known = this.leases.kinds.get(kind);
    if (!known?.redeliver) throw new SinkNotSet();
    const reason = await known.redeliver(event, name).catch(() => 'It cannot be shown as an event.');
    if (reason !== null) throw new RedeliveryFailed(reason);
    await this.#remove(name, id);
  }

  /** It is never delivered. @throws SinkNotFound, ParkedEventNotFound */
  async forget(name: string, id: string): Promise<void> {
    await this.queries.get(name);
    if ((await this.#remove(name, id)) === 0) throw new ParkedEventNotFound();
  }

  /**
   * Removes what nobody runs any more, with its checkpoints, so that the log is not kept for it.
   * @throws SinkNotFound, SinkInUse
   */
  async remove(name: string): Promise<void> {
    const { kind, holder } = await this.queries.get(name);
    if (holder !== null || this.leases.kinds.has(kind)) throw new SinkInUse();
    await this.sinks.withdraw(name);
  }

  #remove(name: string, id: string): Promise<number> {
    return this.database.run(async () => {
      const text = 'delete from platform.sink_parked where sink = $1 and id = $2';
      const { rowCount } = await this.database.transaction.query({ text, values: [name, id] });
      return rowCount ?? 0;
    });
  }
}
