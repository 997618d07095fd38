import type { Page } from '#shared-kernel';
import type { HistoryOf, HistoryQueries } from '#platform/change-log';
import type { Cursors } from '#platform/database';
import type { PageRequest, VersionFacts } from '../application/feature-flag.queries.js';

/** What a page of versions is read with. */
export interface VersionSources {
  readonly history: HistoryQueries;
  readonly cursors: Cursors;
}

/** Versions of one aggregate, newest first; the cursor is the version that the last page ended with. */
export async function versionPage(
  { history, cursors }: VersionSources,
  of: HistoryOf,
  { limit, cursor }: PageRequest,
): Promise<Page<VersionFacts>> {
  const scope = ['versions', of.id];
  const before = cursor === undefined ? null : Number(cursors.open(scope, cursor)[0]);
  const rows = await history.versions(of, before, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    limit,
    nextCursor: rows.length > limit && last ? cursors.seal(scope, [last.version]) : null,
  };
}
