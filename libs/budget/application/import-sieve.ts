import { Injectable } from '@nestjs/common';
import { Breather } from '#shared-kernel';
import type { ImportRecord } from '../domain/import-record.js';
import { keyOfId } from './import-keys.js';
import type { ImportKeys, KeyedRecord } from './import-keys.js';
import type { ImportTally } from './import-tally.js';
import { ImportTraces } from './import-traces.js';

const AT_ONCE = 5_000;

/** What is new in a file. */
export interface FreshRecords {
  readonly records: readonly KeyedRecord[];
  /** Ids of records that something else has, or had. */
  readonly takenIds: ReadonlySet<string>;
}

/** Parts what is new in a file from what had come before, and from what cannot be read. */
@Injectable()
export class ImportSieve {
  constructor(private readonly traces: ImportTraces) {}

  async sift(
    records: readonly ImportRecord[],
    { tenant, keys }: { readonly tenant: string | null; readonly keys: ImportKeys },
    tally: ImportTally,
  ): Promise<FreshRecords> {
    const readable = await readableOf(records, keys, tally);
    const takenIds = new Set<string>();
    const fresh: KeyedRecord[] = [];
    for (let from = 0; from < readable.length; from += AT_ONCE) {
      const some = readable.slice(from, from + AT_ONCE);
      const known = await this.traces.knownKeys(
        tenant,
        some.map(({ key }) => key),
      );
      const ids = some.flatMap(({ record }) => record.id ?? []);
      const { items, used } = await this.traces.knownIds(tenant, ids);
      for (const id of used) takenIds.add(id);
      for (const one of some) {
        const { id } = one.record;
        if (known.has(one.key) || (id !== null && items.has(id))) tally.knew();
        else fresh.push(one);
      }
    }
    return { records: fresh, takenIds };
  }
}

async function readableOf(
  records: readonly ImportRecord[],
  keys: ImportKeys,
  tally: ImportTally,
): Promise<readonly KeyedRecord[]> {
  const breather = new Breather();
  const seen = new Set<string>();
  const readable: KeyedRecord[] = [];
  for (const record of records) {
    await breather.pause();
    const { content, id, mistakes } = record;
    const isTwice = id !== null && seen.has(keyOfId(id));
    if (id !== null) seen.add(keyOfId(id));
    if (isTwice) tally.fail(record, [...mistakes, TWICE]);
    else if (!content || mistakes.length > 0) tally.fail(record, mistakes);
    else readable.push(keys.next({ record, content }));
  }
  return readable;
}

const TWICE = { pointer: '/id', code: 'duplicate', detail: 'Another line has this id.' };
