import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Live } from '../domain/live-device.js';
import type { ReporterRow } from './report-statements.js';

/** Some kilobytes each would be too much: of a status only what decides is kept. */
const DEVICES_MAX = 20_000;

/** A device as this process left it. */
export interface Remembered {
  readonly row: ReporterRow;
  /** Without data and documents. */
  readonly live: Live;
  readonly revision: number;
}

/**
 * Devices as they were when this process wrote them, so that the next report of them is decided on without reading. That may
 * be out of date: whatever is decided is written only where the revision is still the same. What is taken is forgotten until
 * it is written, so that whoever was wrong reads anew.
 */
@Injectable()
export class RememberedReporters {
  readonly #devices = new LRUCache<string, Remembered>({ max: DEVICES_MAX });

  /** Null unless all of them are known, and belong to the tenant (null: to any). */
  take(ids: Iterable<string>, tenant: string | null): ReadonlyMap<string, Remembered> | null {
    const taken = new Map<string, Remembered>();
    for (const id of ids) {
      const known = this.#devices.get(id);
      if (!known || (tenant !== null && known.row.tenant !== tenant)) return null;
      taken.set(id, known);
    }
    for (const id of taken.keys()) this.#devices.delete(id);
    return taken;
  }

  put(row: ReporterRow, live: Live, revision: number): void {
    const status = live.status && { ...live.status, data: null };
    const reported = { document: {}, version: 0, observedAt: null };
    this.#devices.set(row.id, { row, live: { ...live, status, reported }, revision });
  }
}
