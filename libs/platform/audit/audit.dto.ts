import { AnyOf, Choice, Instant, listResponse, Text, Uuid, Whole } from '#platform/http';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;
/** The streams that are no tenant's. */
export const INSTALLATION_STREAMS = ['shared', 'platform'] as const;

const STREAM =
  'Instead of a tenant: `shared` is what belongs to all tenants, `platform` what is of the installation, for example its keys. Absent: the tenant of the credential, else `shared`.';
const TENANT_ID = 'The tenant whose stream it is. Absent: the one of the credential, else see `stream`.';

/** Whose stream. */
abstract class StreamQuery {
  @Text({ optional: true, max: 63, description: TENANT_ID, example: 'acme' })
  readonly tenant_id?: string;

  @Choice(INSTALLATION_STREAMS, { optional: true, description: STREAM })
  readonly stream?: 'shared' | 'platform';
}

export class AuditQuery extends StreamQuery {
  @AnyOf({ description: 'Who did it, for example key:abc123; any of them.' })
  readonly actor?: string[];

  @AnyOf({ description: '`<context>.<aggregate>`, for example metadata.entry; any of them.' })
  readonly aggregate_type?: string[];

  @AnyOf({ description: 'Ids of aggregates; any of them.' })
  readonly aggregate_id?: string[];

  @AnyOf({ description: 'Event types, for example io.metastore.metadata.entry.revealed.v1; any of them.' })
  readonly types?: string[];

  @Instant({ optional: true, description: 'Not before this instant.' })
  readonly from?: string;

  @Instant({ optional: true, description: 'Before this instant.' })
  readonly until?: string;

  @Whole({ optional: true, min: 1, max: LIMIT_MAX, default: LIMIT_DEFAULT, description: 'Items a page.' })
  readonly limit: number = LIMIT_DEFAULT;

  @Text({ optional: true, min: 1, max: 4_096, description: '`next_cursor` of the page before; opaque.' })
  readonly cursor?: string;
}

/** Who did what. */
export class AuditItem {
  @Text({ description: 'The id of its event.', example: 'acme-42-0' })
  readonly id!: string;

  @Text({ nullable: true, description: 'Null in the streams that are no tenant’s.' })
  readonly tenant_id!: string | null;

  @Whole({ min: 1, description: 'Dense within the stream; changes of one transaction share it.' })
  readonly revision!: number;

  @Whole({ min: 0, description: 'The place within the revision.' })
  readonly sub!: number;

  @Instant({ description: 'When it was done, by the clock of the database.' })
  readonly occurred_at!: string;

  @Text({ description: 'Who did it.', example: 'key:abc123' })
  readonly actor!: string;

  @Text({ description: 'What was done.', example: 'io.metastore.metadata.entry.created.v1' })
  readonly type!: string;

  @Text({ example: 'metadata.entry' })
  readonly aggregate_type!: string;

  @Uuid({ description: 'What it was done to.' })
  readonly aggregate_id!: string;

  @Whole({ min: 0, description: 'The version that it made; 0 for an act that changes nothing.' })
  readonly version!: number;

  @Text({ description: 'What that was called then.', example: 'production/app.database.pool_size' })
  readonly subject!: string;

  @Text({ nullable: true, description: 'What it was called before, when that was changed.' })
  readonly previous_subject!: string | null;

  @Text({ nullable: true, description: 'Why, in the words of the actor.' })
  readonly change_reason!: string | null;

  @Whole({ nullable: true, min: 1, description: 'The version that was brought back.' })
  readonly rolled_back_from!: number | null;

  @Text({ nullable: true, description: 'The request that did it.' })
  readonly request_id!: string | null;

  @Text({ nullable: true, description: 'The trace that the request is part of.' })
  readonly trace_id!: string | null;

  @Whole({ min: 1, description: 'How often it was done: what was refused is gathered for a minute.' })
  readonly count!: number;

  @Text({
    nullable: true,
    description: 'SHA-256 of this row and the hash before it, in hex; null for rows older than the chain.',
  })
  readonly hash!: string | null;
}

export class AuditListResponse extends listResponse(() => AuditItem) {}

export class VerifyQuery extends StreamQuery {
  @Whole({
    optional: true,
    min: 1,
    default: 1,
    description: 'Begin here; the hash of the row before is taken as it is.',
  })
  readonly from_revision: number = 1;

  @Whole({ optional: true, min: 1, description: 'End with this revision. Absent: with the head.' })
  readonly until_revision?: number;

  @Text({
    optional: true,
    pattern: /^[1-9]\d{0,14}:[0-9a-f]{64}$/,
    description:
      'A head that was noted earlier, outside of this service, as `<revision>:<hash>`: it must still be in the chain.',
    example: `42:${'0a'.repeat(32)}`,
  })
  readonly expected?: string;
}
