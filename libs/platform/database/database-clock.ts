import { Injectable } from '@nestjs/common';
import { Clock } from '#shared-kernel';

/**
 * The database's clock without asking it each time: this machine's, corrected by the difference last seen. The
 * difference is measured with whatever statement brings the time along, at least once a second.
 */
@Injectable()
export class DatabaseClock extends Clock {
  #aheadMs = 0;

  override now(): Date {
    return new Date(this.nowMs());
  }

  nowMs(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Called with the database's time as soon as it arrives. */
  observe(databaseTime: Date): void {
    this.#aheadMs = databaseTime.getTime() - Date.now();
  }
}
