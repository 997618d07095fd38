import type { Closing } from '#platform/database';

/** The tags that an entry has from now on. */
export interface TaggedEntry {
  readonly id: string;
  readonly tenant: string;
  readonly namespace: string;
  readonly tags: readonly string[];
}

/** Brings the b-tree table of tags in line, for all entries of a transaction at once; what was said last holds. */
export function writeTags(entries: readonly TaggedEntry[]): Closing {
  const latest = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  const rows = latest.flatMap(({ tags, ...entry }) => tags.map((tag) => ({ ...entry, tag })));
  return (transaction) =>
    Promise.all([
      transaction.query({
        name: 'metadata_tags_clear',
        text: 'delete from metadata.entry_tag where entry_id = any ($1::uuid[])',
        values: [latest.map(({ id }) => id)],
      }),
      transaction.query({
        name: 'metadata_tags_write',
        text: `insert into metadata.entry_tag (entry_id, tenant, namespace, tag)
               select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])`,
        values: [
          rows.map(({ id }) => id),
          rows.map(({ tenant }) => tenant),
          rows.map(({ namespace }) => namespace),
          rows.map(({ tag }) => tag),
        ],
      }),
    ]);
}
