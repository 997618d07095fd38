import { AnyJson, AnyOf, Choice, Instant, listResponse, Text, Whole, YesNo } from '#platform/http';
import { HISTORY_KINDS } from '../domain/device-journal.js';
import type { HistoryKind } from '../domain/device-journal.js';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

export class DeviceHistoryQuery {
  @Whole({ optional: true, min: 1, max: LIMIT_MAX, default: LIMIT_DEFAULT, description: 'Items a page.' })
  readonly limit: number = LIMIT_DEFAULT;

  @Text({ optional: true, min: 1, max: 4_096, description: '`next_cursor` of the page before; opaque.' })
  readonly cursor?: string;

  @AnyOf({ choices: HISTORY_KINDS, description: 'Of any of these kinds.' })
  readonly kind?: readonly HistoryKind[];

  @Instant({ optional: true, description: 'What was observed at this instant or later.' })
  readonly from?: string;

  @Instant({ optional: true, description: 'What was observed before this instant.' })
  readonly until?: string;
}

export class HistoryItemResponse {
  @Whole({ description: 'Grows with each row of the device; there are gaps.', example: 42 })
  readonly seq!: number;

  @Choice(HISTORY_KINDS)
  readonly kind!: string;

  @AnyJson({ description: 'What it was from then on, whole.', example: { value: 'on', data: null } })
  readonly document!: unknown;

  @Instant()
  readonly observed_at!: string;

  @Instant()
  readonly recorded_at!: string;

  @Text()
  readonly actor!: string;

  @YesNo({ description: 'It was older than what was current as it came in.' })
  readonly late!: boolean;
}

export class DeviceHistoryListResponse extends listResponse(() => HistoryItemResponse) {}
