import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { at, isUuid, Reading } from '#platform/http';
import type { ReportOf } from '../application/device-reports.js';
import { bytesOf, DOCUMENT_BYTES_MAX } from '../domain/documents.js';
import { readMac } from '../domain/mac-address.js';
import type { StatusReport } from '../domain/report.js';
import { VALUE_LENGTH_MAX } from './report.dto.js';

type Members = Readonly<Record<string, unknown>>;

const STATUS_NAMES = ['value', 'data', 'observed_at'];
const BATCHED_NAMES = [...STATUS_NAMES, 'device_id', 'mac_address'];

/** A status report of a device that the path names. @throws InvalidInput with everything that is wrong */
export function toStatusReport(body: unknown): StatusReport {
  const reading = new Reading();
  const report = readStatus(reading, reading.object(body ?? {}, '', STATUS_NAMES));
  expectRight(reading.violations);
  return report;
}

/** One of many; `tenant` is where addresses are looked up. @throws InvalidInput likewise */
export function toBatchedReport(body: unknown, tenant: string | null): ReportOf {
  const reading = new Reading();
  const members = reading.object(body, '', BATCHED_NAMES);
  const report = readStatus(reading, members);
  const device = readName(reading, members, tenant);
  expectRight(reading.violations);
  return { device, report };
}

/** A merge patch of what is reported. @throws InvalidInput likewise */
export function toReportedPatch(body: unknown): ReportOf['report'] {
  const reading = new Reading();
  const { document, observed_at } = reading.object(body ?? {}, '', ['document', 'observed_at']);
  if (document === undefined) reading.note('required', '/document', 'It is required.');
  const patch = document === undefined ? {} : reading.map(document, '/document');
  notTooLarge(reading, patch, '/document');
  const observedAt = readObserved(reading, observed_at);
  expectRight(reading.violations);
  return { kind: 'reported', patch, observedAt };
}

function readStatus(reading: Reading, members: Members): StatusReport {
  const { value: text, data: sent = null, observed_at } = members;
  const value = reading.text(text, '/value', Infinity);
  if ([...value].length > VALUE_LENGTH_MAX)
    reading.note('too_long', '/value', `It must have at most ${VALUE_LENGTH_MAX} characters.`);
  const data = sent === null ? null : reading.map(sent, '/data');
  if (data) notTooLarge(reading, data, '/data');
  return { kind: 'status', value, data, observedAt: readObserved(reading, observed_at) };
}

function readName(reading: Reading, members: Members, tenant: string | null): ReportOf['device'] {
  const { device_id: id, mac_address: mac } = members;
  const nobody = { id: '' };
  if ((id === undefined) === (mac === undefined)) {
    const code = id === undefined ? 'required' : 'choice';
    reading.note(code, '/device_id', 'A report names its device by device_id, or by mac_address.');
    return nobody;
  }
  if (id !== undefined) {
    if (typeof id === 'string' && isUuid(id)) return { id: id.toLowerCase() };
    reading.note('pattern', '/device_id', 'It must be a UUID.');
    return nobody;
  }
  if (typeof mac !== 'string') {
    reading.note('type', '/mac_address', 'It must be a string.');
    return nobody;
  }
  const read = readMac(mac);
  if (typeof read === 'string') return { mac: read, tenant };
  reading.note(read.code, '/mac_address', read.detail);
  return nobody;
}

function readObserved(reading: Reading, sent: unknown): Date | null {
  return sent === undefined || sent === null ? null : new Date(reading.instant(sent, '/observed_at'));
}

function notTooLarge(reading: Reading, document: Members, pointer: string): void {
  if (bytesOf(document) > DOCUMENT_BYTES_MAX)
    reading.note('too_large', pointer, `It has at most ${DOCUMENT_BYTES_MAX / 1_024} KiB.`);
}

function expectRight(violations: readonly Violation[]): void {
  if (violations.length > 0) throw new InvalidInput(violations);
}

/** The list of a batch. @throws InvalidInput */
export function reportsOf(body: unknown, max: number): readonly unknown[] {
  const reading = new Reading();
  const { reports } = reading.object(body ?? {}, '', ['reports']);
  const list = reading.list(reports, '/reports');
  if (list.length > max) reading.note('too_many', '/reports', `It must have at most ${max} items.`);
  expectRight(reading.violations);
  return list;
}

/** The mistakes of one report, at their place in the whole request. */
export const placed = (errors: readonly Violation[], index: number): Violation[] =>
  errors.map((violation) => ({ ...violation, pointer: `${at('/reports', index)}${violation.pointer}` }));
