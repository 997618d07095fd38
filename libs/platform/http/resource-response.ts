import { Instant, Text, Uuid, Whole } from './fields.js';

/** What every resource shows of itself. One whose version is a word of its own says what its ETag is itself. */
export abstract class ResourceResponse<Version extends number | string = number> {
  @Uuid({ description: 'Stable for life.' })
  readonly id!: string;

  @Text({ nullable: true, description: 'Whose it is; null belongs to all tenants.', example: 'acme' })
  readonly tenant_id!: string | null;

  @Whole({ min: 1, description: 'Counts the changes, from 1; the ETag is this number in quotes.' })
  readonly version!: Version;

  @Instant()
  readonly created_at!: string;

  @Instant()
  readonly updated_at!: string;

  @Text({ description: 'The actor that created it.', example: 'key:4fJ2mPq7' })
  readonly created_by!: string;

  @Text({ description: 'The actor of the newest change.', example: 'key:4fJ2mPq7' })
  readonly updated_by!: string;
}

/** What somebody changes of a resource; version and stamps change by themselves. */
export function comparable(resource: ResourceResponse<number | string>): object {
  const { id: _, tenant_id, version, created_at, updated_at, created_by, updated_by, ...rest } = resource;
  return rest;
}
