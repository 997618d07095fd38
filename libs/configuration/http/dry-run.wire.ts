import { jsonPatch } from '#platform/http';
import type { PatchOperation } from '#platform/http';
import type { WorkOutcome } from '../application/configuration.service.js';
import type { AffectedResult, LayerChange } from '../application/effective-check.js';
import { AFFECTED_MAX } from '../application/layer-change.js';
import { comparableState } from './configuration.wire.js';
import type { AffectedDocuments, DryRunResponse, RehearsedChange } from './dry-run.dto.js';

/** What a write of one configuration would do. */
export const toDryRun = ({ changes: [change], affected }: WorkOutcome<unknown>): DryRunResponse => ({
  dry_run: true,
  diff: change ? diffOf(change) : [],
  ...toAffected(affected),
});

/** A configuration that would be changed. */
export function toRehearsedChange(change: LayerChange): RehearsedChange {
  const state = change.after ?? change.before;
  if (!state) throw new Error('A change is of something.');
  return { id: state.id, diff: diffOf(change) };
}

/** The documents that would be otherwise, as many as are told. */
export const toAffected = (affected: readonly AffectedResult[]): AffectedDocuments => ({
  affected: affected.slice(0, AFFECTED_MAX).map(({ before, after, ...place }) => ({
    service_id: place.service,
    environment: place.environment,
    tenant_id: place.tenant,
    name: place.name,
    from: place.from === null ? null : new Date(place.from).toISOString(),
    diff: jsonPatch(before, after),
  })),
  ...(affected.length > AFFECTED_MAX && { affected_has_more: true }),
});

const diffOf = ({ before, after }: LayerChange): PatchOperation[] =>
  jsonPatch(before && comparableState(before), after && comparableState(after));
