import { BatchResponse, Instant, ListOf, PatchOperation, Text, Uuid, YesNo } from '#platform/http';
import { AFFECTED_MAX } from '../application/layer-change.js';

const RESOURCE_DIFF = 'From what the resource is to what it would be; null where there is none.';

export const AFFECTED = {
  description: `Effective documents that are otherwise because of it; the first ${AFFECTED_MAX}.`,
} as const;
export const MORE_AFFECTED = {
  optional: true,
  description: 'True where more documents are otherwise than these; else absent.',
} as const;

/** An effective document that would be otherwise for somebody. */
export class AffectedResponse {
  @Text({ example: 'order-service' })
  readonly service_id!: string;

  @Text({
    description: '`base` stands for every environment without layers of its own.',
    example: 'production',
  })
  readonly environment!: string;

  @Text({ nullable: true, description: 'Null stands for every tenant without layers of its own.' })
  readonly tenant_id!: string | null;

  @Text({ example: 'database' })
  readonly name!: string;

  @Instant({ nullable: true, description: 'From when on; null is from now on.' })
  readonly from!: string | null;

  @ListOf(() => PatchOperation, {
    description: 'From what the document is to what it would be; null where there is none.',
  })
  readonly diff!: readonly PatchOperation[];
}

/** The documents that would be otherwise. */
export class AffectedDocuments {
  @ListOf(() => AffectedResponse, AFFECTED)
  readonly affected!: readonly AffectedResponse[];

  @YesNo(MORE_AFFECTED)
  readonly affected_has_more?: boolean;
}

/** What a write would do. */
export class DryRunResponse extends AffectedDocuments {
  @YesNo({ description: 'Always true.' })
  readonly dry_run!: boolean;

  @ListOf(() => PatchOperation, { description: RESOURCE_DIFF })
  readonly diff!: readonly PatchOperation[];
}

/** One configuration that a batch would change. */
export class RehearsedChange {
  @Uuid()
  readonly id!: string;

  @ListOf(() => PatchOperation, { description: RESOURCE_DIFF })
  readonly diff!: readonly PatchOperation[];
}

/** What a batch would do. */
export class BatchDryRunResponse extends BatchResponse {
  @YesNo({ description: 'Always true.' })
  readonly dry_run!: boolean;

  @ListOf(() => RehearsedChange)
  readonly changes!: readonly RehearsedChange[];

  @ListOf(() => AffectedResponse, AFFECTED)
  readonly affected!: readonly AffectedResponse[];

  @YesNo(MORE_AFFECTED)
  readonly affected_has_more?: boolean;
}
