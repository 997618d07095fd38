import { jsonPatch } from '#platform/http';
import type { PatchOperation } from '#platform/http';
import type { Promoted } from '../application/configuration-promotion.service.js';
import type { WorkOutcome } from '../application/configuration.service.js';
import type {
  ExportedConfiguration,
  ImportedOutcome,
} from '../application/configuration-transfer.service.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import { comparableState } from './configuration.wire.js';
import { toAffected } from './dry-run.wire.js';
import type {
  ConfigurationImportResponse,
  ImportedConfiguration,
  PromotionResponse,
} from './transfer.dto.js';

/** Whether it was done, or only tried. */
export type How = 'stored' | 'rehearsed';

/** A configuration as a document has it: all that is its own, and nothing that the server decides. */
export function toDocumentItem({ configuration, schema }: ExportedConfiguration): object {
  const { schema_id: _, ...rest } = comparableState(configuration);
  return {
    ...rest,
    schema: schema && { name: schema.name, version: schema.version, shared: schema.isShared },
  };
}

export const toPromotionResponse = (
  { result, affected }: WorkOutcome<Promoted>,
  how: How,
): PromotionResponse => ({
  dry_run: how === 'rehearsed',
  items: result.items.map(({ name, outcome, before, after }) => {
    const stored = how === 'stored' || outcome === 'unchanged' ? after : null;
    return {
      name,
      status: outcome,
      id: stored?.id ?? before?.id ?? null,
      version: stored?.version ?? null,
      diff: diffOf(before, after),
    };
  }),
  skipped: result.skipped.map(({ name, id, ...window }) => ({ name, id, ...windowOf(window) })),
  ...toAffected(affected),
});

export function toImportResponse(
  { result, affected }: WorkOutcome<readonly ImportedOutcome[]>,
  how: How,
): ConfigurationImportResponse {
  const count = (wanted: ImportedOutcome['outcome']): number =>
    result.filter(({ outcome }) => outcome === wanted).length;
  return {
    dry_run: how === 'rehearsed',
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    deleted: count('deleted'),
    items: result.map((outcome) => toImportedConfiguration(outcome, how)),
    ...(how === 'rehearsed' && toAffected(affected)),
  };
}

function toImportedConfiguration(
  { outcome, before, after }: ImportedOutcome,
  how: How,
): ImportedConfiguration {
  const state = after ?? before;
  if (!state) throw new Error('An outcome is of something.');
  return {
    service_id: state.service,
    name: state.name,
    environment: state.environment,
    ...windowOf(state),
    status: outcome,
    id: how === 'stored' ? state.id : (before?.id ?? null),
    ...(how === 'rehearsed' && { diff: diffOf(before, after) }),
  };
}

const windowOf = ({
  effectiveFrom,
  effectiveUntil,
}: Pick<ConfigurationState, 'effectiveFrom' | 'effectiveUntil'>): Pick<
  ImportedConfiguration,
  'effective_from' | 'effective_until'
> => ({
  effective_from: effectiveFrom?.toISOString() ?? null,
  effective_until: effectiveUntil?.toISOString() ?? null,
});

const diffOf = (before: ConfigurationState | null, after: ConfigurationState | null): PatchOperation[] =>
  jsonPatch(before && comparableState(before), after && comparableState(after));
