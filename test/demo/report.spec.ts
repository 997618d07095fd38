import { findingsOf, keysOf, tableOf } from '../../demo/report.js';
import type { KinesisRecord } from '../../demo/kinesis-emulator.js';

const aRecord = (revision: number, partitionKey: string, version: number): KinesisRecord => ({
  shard: 'shardId-000000000001',
  partitionKey,
  event: {
    id: `_shared-${revision}-0`,
    type: 'io.metastore.metadata.entry.updated.v1',
    subject: `demo/${partitionKey}`,
    sequence: `${String(revision).padStart(15, '0')}.0000`,
    data: { version },
  },
});

const ids = ['_shared-1-0', '_shared-2-0', '_shared-3-0'];

it('finds nothing wrong where everything arrived in order, whatever lies between', () => {
  const records = [aRecord(1, 'a', 1), aRecord(3, 'a', 2), aRecord(2, 'b', 1)];
  expect(findingsOf(ids, records)).toEqual({ missing: [], repeated: 0, outOfOrder: [] });
});

it('names what did not arrive', () => {
  expect(findingsOf(ids, [aRecord(2, 'b', 1)]).missing).toEqual(['_shared-1-0', '_shared-3-0']);
});

it('counts what arrived again, which is no disorder', () => {
  const records = [aRecord(1, 'a', 1), aRecord(3, 'a', 2), aRecord(1, 'a', 1), aRecord(2, 'b', 1)];
  expect(findingsOf(ids, records)).toEqual({ missing: [], repeated: 1, outOfOrder: [] });
});

it('names the key of which a later change came first', () => {
  const records = [aRecord(3, 'a', 2), aRecord(1, 'a', 1), aRecord(2, 'b', 1)];
  expect(findingsOf(ids, records).outOfOrder).toEqual(['a']);
});

it('shows the versions of each key as they came', () => {
  expect(keysOf([aRecord(1, 'a', 1), aRecord(2, 'b', 1), aRecord(3, 'a', 2)])).toEqual([
    { key: 'a', versions: [1, 2] },
    { key: 'b', versions: [1] },
  ]);
});

it('shows a line a record below the headings', () => {
  expect(tableOf([aRecord(1, 'a', 1)])).toEqual([
    'shard  partition key  sequence              type                                    subject',
    '1      a              000000000000001.0000  io.metastore.metadata.entry.updated.v1  demo/a',
  ]);
});
