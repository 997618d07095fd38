import type { FlagInput, SegmentInput } from '#flag-evaluator';
import type { CommittedChange } from '#platform/change-log';
import type { FlagNews, Live } from './flag-layer.js';
import type { FlagRecord } from './flag.table.js';
import { FLAG_TYPE } from './flag.table.js';
import type { SegmentRecord } from './segment.table.js';
import { SEGMENT_TYPE } from './segment.table.js';
import { toLiveFlag, toLiveSegment } from './sql-flag-rows.js';
import type { ChangedNames } from './sql-flag-rows.js';

/** What some changes of one stream did to flags and segments. */
export interface LayerChanges {
  readonly stream: string;
  readonly names: ChangedNames;
  /** What the names hold now; null where that has to be read. */
  readonly news: FlagNews | null;
}

/** The changes of flags and segments among some, by stream. */
export function layerChangesOf(changes: readonly CommittedChange[]): LayerChanges[] {
  const ofFlags = changes.filter(isOfFlags);
  const streams = new Set(ofFlags.map(({ tenant }) => tenant));
  return [...streams].map((stream) => {
    const own = ofFlags.filter(({ tenant }) => tenant === stream);
    return { stream, names: namesOf(own), news: newsOf(own) };
  });
}

/** An act has no version: it changed nothing. */
const isOfFlags = ({ aggregateType, aggregateVersion }: CommittedChange): boolean =>
  aggregateVersion > 0 && (aggregateType === FLAG_TYPE || aggregateType === SEGMENT_TYPE);

function namesOf(changes: readonly CommittedChange[]): ChangedNames {
  const names = { flags: new Set<string>(), segments: new Set<string>() };
  for (const { aggregateType, subject, previousSubject } of changes) {
    const some = aggregateType === FLAG_TYPE ? names.flags : names.segments;
    some.add(subject);
    if (previousSubject !== null) some.add(previousSubject);
  }
  return names;
}

/** In the order of the changes, so that of two that meet in a name the last one stays. */
function newsOf(changes: readonly CommittedChange[]): FlagNews | null {
  const flags = new Map<string, Live<FlagInput> | null>();
  const segments = new Map<string, Live<SegmentInput> | null>();
  let revision = 0;
  for (const change of changes) {
    const { aggregateType, subject, previousSubject, snapshot } = change;
    if (snapshot === undefined) return null;
    revision = Math.max(revision, change.revision);
    const rows = aggregateType === FLAG_TYPE ? flags : segments;
    if (previousSubject !== null) rows.set(previousSubject, null);
    if (aggregateType === FLAG_TYPE) flags.set(subject, flagIn(snapshot));
    else segments.set(subject, segmentIn(snapshot));
  }
  return { revision, flags, segments };
}

/** What is archived is as if it were not there. */
function flagIn(snapshot: string | null): Live<FlagInput> | null {
  if (snapshot === null) return null;
  const record = JSON.parse(snapshot) as FlagRecord;
  return record.archived_at === null ? toLiveFlag(record) : null;
}

const segmentIn = (snapshot: string | null): Live<SegmentInput> | null =>
  snapshot === null ? null : toLiveSegment(JSON.parse(snapshot) as SegmentRecord);
