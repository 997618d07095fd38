import { boundaryOf, Compaction, describeCompacted, monthOf } from '#platform/change-log';
import type { Settings } from '#platform/config';
import { InvalidInput } from '#shared-kernel';
import { withParts } from './session.js';

/** The options of `history compact`, as they were typed. */
interface CompactOptions {
  readonly before?: string | undefined;
  readonly 'dry-run'?: boolean | undefined;
}

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Compacts all months that end by a day or, without one, are older than HISTORY_DAYS; a line for each. */
export function compactHistory(settings: Settings, options: CompactOptions): Promise<string> {
  const before = beforeOf(options.before, settings.historyDays, new Date());
  return withParts(settings, async (part) => {
    const compaction = part(Compaction);
    const isRehearsal = options['dry-run'] === true;
    const lines: string[] = [];
    for (const firstDay of await compaction.months(before, 'all')) {
      const month = await (isRehearsal
        ? compaction.rehearse(firstDay, before, settings.historyMinVersions)
        : compaction.compact(firstDay, before, settings.historyMinVersions));
      if (!month) return [...lines, 'The service compacts at this moment: try again later.'].join('\n');
      lines.push(describeCompacted(month, isRehearsal ? 'would remove' : 'removed'));
    }
    return lines.join('\n') || `There is no month that ended by ${before.toISOString().slice(0, 10)}.`;
  });
}

/** @throws InvalidInput */
export function beforeOf(text: string | undefined, historyDays: number | null, now: Date): Date {
  const latest = boundaryOf(now, 0);
  if (text === undefined) {
    if (historyDays !== null) return boundaryOf(now, historyDays);
    throw InvalidInput.at(
      '--before',
      'required',
      'HISTORY_DAYS is not set, so that everything is kept: say up to which day months are compacted.',
    );
  }
  const day = new Date(`${text}T00:00:00Z`);
  if (!DAY.test(text) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text)
    throw InvalidInput.at('--before', 'pattern', 'A day like 2026-01-01.');
  if (monthOf(day) > latest)
    throw InvalidInput.at(
      '--before',
      'too_large',
      `Months are compacted seven days after they ended, now those before ${latest.toISOString().slice(0, 10)}.`,
    );
  return monthOf(day);
}
