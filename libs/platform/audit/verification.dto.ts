import { Choice, Nested, Text, Whole, YesNo } from '#platform/http';
import { BREAKS } from './chain-check.js';

/** The end of a stream. */
export class ChainHeadResponse {
  @Whole({ min: 0, description: '0 for a stream in which nothing was written.' })
  readonly revision!: number;

  @Text({
    description: 'The hash of its last row, in hex: note both outside, and send them as `expected` later.',
  })
  readonly hash!: string;
}

/** The first place that does not fit. */
export class BrokenChainResponse {
  @Whole({ min: 1 })
  readonly revision!: number;

  @Whole({ min: 0 })
  readonly sub!: number;

  @Text({ description: 'The id of the event in this place, which may be gone.', example: 'acme-42-0' })
  readonly id!: string;

  @Choice(BREAKS, {
    description:
      '`hash_mismatch`: the row was changed, or one right before it was removed. `row_missing`: there is none. `hash_missing`, `previous_hash_unexpected`: it was not written by the service. `beyond_head`, `head_missing`, `head_mismatch`: the stream itself says that it ends otherwise. `expected_mismatch`: the row has another hash than was noted. `expected_not_covered`: the chain is said to begin after it.',
  })
  readonly reason!: string;
}

/** Whether the log still says what was written. */
export class ChainVerdictResponse {
  @Text({ nullable: true, description: 'Null for the streams that are no tenant’s.' })
  readonly tenant_id!: string | null;

  @YesNo({ description: 'Everything that was checked fits.' })
  readonly ok!: boolean;

  @Whole({ min: 0 })
  readonly checked_rows!: number;

  @Whole({ min: 1, description: 'The first revision that was checked.' })
  readonly from_revision!: number;

  @Whole({ min: 0, description: 'The last revision that was checked.' })
  readonly until_revision!: number;

  @Whole({
    nullable: true,
    min: 1,
    description: 'Go on here: a request checks a million rows. Null: nothing is left.',
  })
  readonly next_revision!: number | null;

  @Whole({ min: 0, description: 'Rows up to this revision are older than the chain, and not covered.' })
  readonly chained_from!: number;

  @Whole({ min: 0, description: 'Up to this revision rows that are too old were removed by compaction.' })
  readonly compacted_revision!: number;

  @Choice(['confirmed', 'compacted', 'open', 'broken'], {
    nullable: true,
    description:
      'What became of `expected`: it is in the chain; compaction removed what would tell; it was not come to; or see `broken`. Null: it was not asked for.',
  })
  readonly expected!: string | null;

  @Nested(() => ChainHeadResponse)
  readonly head!: ChainHeadResponse;

  @Nested(() => BrokenChainResponse, { nullable: true })
  readonly broken!: BrokenChainResponse | null;
}
