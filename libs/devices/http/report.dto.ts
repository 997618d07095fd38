import {
  AlwaysDescribed,
  Choice,
  FreeObject,
  Instant,
  ListOf,
  Nested,
  Operations,
  ProblemResponse,
  Text,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import type { Problem } from '#platform/http';
import { CONNECTIVITIES } from '../domain/connectivity.js';

export const VALUE_LENGTH_MAX = 100;
const OBSERVED = 'When it was so; at most 5 minutes ahead. Absent: as it is recorded.';
const VALUE = 'One of the values of the device type; any where that names none.';
const DATA = 'What the status goes with, as the schema of the device type has it; at most 32 KiB.';
const TEMPERATURE = { temperature: 21.5 };

export class StatusBody {
  @Text({ min: 1, max: VALUE_LENGTH_MAX, description: VALUE, example: 'on' })
  readonly value!: string;

  @FreeObject({ optional: true, nullable: true, description: DATA, example: TEMPERATURE })
  readonly data?: Record<string, unknown> | null;

  @Instant({ optional: true, nullable: true, description: OBSERVED })
  readonly observed_at?: string | null;
}

/** One of many; named by its id or by its address. */
export class BatchedStatus extends StatusBody {
  @Uuid({ optional: true, description: 'This, or `mac_address`.' })
  readonly device_id?: string;

  @Text({ optional: true, description: 'In any spelling.', example: '00:1a:2b:3c:4d:5e' })
  readonly mac_address?: string;
}

export class StatusBatchBody {
  @Operations(() => BatchedStatus)
  readonly reports!: readonly unknown[];
}

/** What became of one report. */
export class StatusBatchResult {
  @Whole({ min: 0, description: 'Its place in the request, from 0.' })
  readonly index!: number;

  @Whole({ min: 200, max: 599, description: '201; 200 where it was recorded before; else why it was not.' })
  readonly status!: number;

  @Nested(() => ProblemResponse, { optional: true })
  readonly problem?: Problem;
}

export class StatusBatchResponse {
  @ListOf(() => StatusBatchResult)
  readonly results!: readonly StatusBatchResult[];
}

export class StatusReportResponse {
  @Text({ example: 'on' })
  readonly value!: string;

  @AlwaysDescribed({ type: 'object', additionalProperties: true, nullable: true, example: TEMPERATURE })
  readonly data!: object | null;

  @Instant()
  readonly observed_at!: string;

  @Instant()
  readonly recorded_at!: string;

  @YesNo({ description: 'It was older than the current status as it came in, which stays.' })
  readonly late!: boolean;
}

export class DeviceStatusResponse {
  @Text({ nullable: true, description: 'Null until one is reported.', example: 'on' })
  readonly value!: string | null;

  @AlwaysDescribed({ type: 'object', additionalProperties: true, nullable: true, example: TEMPERATURE })
  readonly data!: object | null;

  @Instant({ nullable: true })
  readonly observed_at!: string | null;

  @Choice(CONNECTIVITIES, { description: 'Online up to two heartbeats of silence, late up to four.' })
  readonly connectivity!: string;

  @Instant({ nullable: true })
  readonly last_seen_at!: string | null;
}

export class ReportedBody {
  @FreeObject({
    description: 'A merge patch (RFC 7396): null removes. What comes of it has at most 32 KiB.',
    example: { brightness: 80 },
  })
  readonly document!: Record<string, unknown>;

  @Instant({ optional: true, nullable: true, description: OBSERVED })
  readonly observed_at?: string | null;
}

export class ReportedResponse {
  @FreeObject({ example: { brightness: 80 } })
  readonly document!: object;

  @Whole({ min: 0, description: 'Counts the reports that became current.' })
  readonly version!: number;

  @Instant({ nullable: true })
  readonly observed_at!: string | null;

  @YesNo({ description: 'The report was older than this document, which stays; it is in the history.' })
  readonly late!: boolean;
}
