import type { Condition, HistoryItem } from '../application/device-history.queries.js';
import type { Outcome, Reported } from '../domain/report.js';
import type { HistoryItemResponse } from './device-history.dto.js';
import type { DeviceStatusResponse, ReportedResponse, StatusReportResponse } from './report.dto.js';

type Of<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

function expectKind<Kind extends Outcome['kind']>(outcome: Outcome, kind: Kind): Of<Kind> {
  if (outcome.kind !== kind) throw new Error(`A report of the kind ${kind} came out as ${outcome.kind}.`);
  return outcome as Of<Kind>;
}

export function toStatusReportResponse(outcome: Outcome): StatusReportResponse {
  const { value, data, observedAt, recordedAt, late } = expectKind(outcome, 'status').status;
  return {
    value,
    data,
    observed_at: observedAt.toISOString(),
    recorded_at: recordedAt.toISOString(),
    late,
  };
}

export function toReportedResponse(outcome: Outcome): ReportedResponse {
  const { late, reported } = expectKind(outcome, 'reported');
  return { ...toReported(reported), late };
}

export const toReported = ({ document, version, observedAt }: Reported): Omit<ReportedResponse, 'late'> => ({
  document,
  version,
  observed_at: observedAt?.toISOString() ?? null,
});

export const toStatusResponse = ({ status, connectivity, lastSeenAt }: Condition): DeviceStatusResponse => ({
  value: status?.value ?? null,
  data: status?.data ?? null,
  observed_at: status?.observedAt.toISOString() ?? null,
  connectivity,
  last_seen_at: lastSeenAt?.toISOString() ?? null,
});

export const toHistoryItem = (item: HistoryItem): HistoryItemResponse => ({
  seq: item.seq,
  kind: item.kind,
  document: item.document,
  observed_at: item.observedAt.toISOString(),
  recorded_at: item.recordedAt.toISOString(),
  actor: item.actor,
  late: item.late,
});
