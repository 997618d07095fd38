import { AlwaysDescribed, Choice, FreeObject, Instant, Nested, Text, Uuid, Whole } from '#platform/http';
import { CONNECTIVITIES } from '../domain/connectivity.js';

export class DesiredState {
  @FreeObject({ example: { brightness: 80 } })
  readonly document!: object;

  @Whole({ min: 0, description: 'Counts the changes; 0 until something is desired.' })
  readonly version!: number;
}

export class ReportedState {
  @FreeObject({ example: { brightness: 40 } })
  readonly document!: object;

  @Whole({ min: 0, description: 'Counts the reports that became current.' })
  readonly version!: number;

  @Instant({ nullable: true })
  readonly observed_at!: string | null;
}

export class StatusState {
  @Text({ example: 'on' })
  readonly value!: string;

  @AlwaysDescribed({ type: 'object', additionalProperties: true, nullable: true })
  readonly data!: object | null;

  @Instant()
  readonly observed_at!: string;
}

/** A device with everything. Its status is no part of its version. */
export class DeviceDetailsResponse {
  @Uuid()
  readonly id!: string;

  @Text({ nullable: true })
  readonly tenant_id!: string | null;

  @Whole({ min: 1, description: 'Of what is said of the device; what it reports makes no version.' })
  readonly version!: number;

  @Text({ nullable: true })
  readonly name!: string | null;

  @Text({ example: 'smart_light' })
  readonly device_type!: string;

  @Text({ nullable: true, example: '00:1a:2b:3c:4d:5e' })
  readonly mac_address!: string | null;

  @Text({ nullable: true, example: '192.168.1.10' })
  readonly ip_address!: string | null;

  @Instant()
  readonly registration_date!: string;

  @Text({ nullable: true })
  readonly environment!: string | null;

  @Uuid({ nullable: true })
  readonly owner_team_id!: string | null;

  @Text({ nullable: true })
  readonly store_id!: string | null;

  @FreeObject({ example: { floor: '2' } })
  readonly labels!: object;

  @Whole({ min: 1 })
  readonly heartbeat_seconds!: number;

  @FreeObject({ example: { colour: 'warm' } })
  readonly attributes!: object;

  @Nested(() => DesiredState)
  readonly desired!: DesiredState;

  @Nested(() => ReportedState)
  readonly reported!: ReportedState;

  @FreeObject({
    description:
      'What is desired and not so reported, down to the members that differ; empty where nothing is.',
    example: { brightness: 80 },
  })
  readonly delta!: object;

  @Nested(() => StatusState, { nullable: true })
  readonly status!: StatusState | null;

  @Choice(CONNECTIVITIES)
  readonly connectivity!: string;

  @Instant({ nullable: true })
  readonly last_seen_at!: string | null;

  @Instant()
  readonly created_at!: string;

  @Instant()
  readonly updated_at!: string;

  @Text()
  readonly created_by!: string;

  @Text()
  readonly updated_by!: string;
}
