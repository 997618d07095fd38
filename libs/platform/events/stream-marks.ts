import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';

/** How far a stream has come, and from where on it is whole. */
export interface StreamMark {
  readonly head: number;
  /** Up to here not every change is kept; 0 where all are. */
  readonly compacted: number;
}

/** What is known of streams without reading them. */
@Injectable()
export class StreamMarks {
  constructor(private readonly database: Database) {}

  /** Of each of these streams, in their order. */
  async of(streams: readonly string[]): Promise<StreamMark[]> {
    const rows = await this.database.read<{ tenant: string; revision: string; compacted: string }>({
      name: 'stream_marks',
      text: `select tenant, revision, compacted_revision as compacted
             from platform.stream_head where tenant = any ($1)`,
      values: [streams],
    });
    const marks = new Map(
      rows.map(({ tenant, revision, compacted }) => [
        tenant,
        { head: Number(revision), compacted: Number(compacted) },
      ]),
    );
    return streams.map((stream) => marks.get(stream) ?? { head: 0, compacted: 0 });
  }
}
