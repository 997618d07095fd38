import type { FlagInput, SegmentInput } from '#flag-evaluator';
import { Choice, FreeObject, Text } from '#platform/http';

export const SNAPSHOT_FORMAT = 'metastore-flags/1';

/** What `compileFlagSet` of the evaluator takes. */
export interface SnapshotLayer {
  readonly flags: readonly FlagInput[];
  readonly segments: readonly SegmentInput[];
}

const LAYER =
  '`{flags: FlagInput[], segments: SegmentInput[]}`, in the names of the evaluator and not in those of the wire: what is in it is handed to `compileFlagSet` as it is, and no client has to translate it.';

/** All that is needed to evaluate somewhere else. */
export class SnapshotResponse {
  @Choice([SNAPSHOT_FORMAT])
  readonly format!: string;

  @Text({
    nullable: true,
    description: 'Whose flags these are, and whose overrides are in them; null: see the operation.',
  })
  readonly tenant_id!: string | null;

  @Text({ nullable: true, description: 'Whose overrides are in them; null: those of every environment.' })
  readonly environment!: string | null;

  @FreeObject({ description: `What all tenants share: ${LAYER}` })
  readonly shared!: SnapshotLayer;

  @FreeObject({ description: `The tenant’s own, which stands on it: ${LAYER}` })
  readonly own!: SnapshotLayer;
}
