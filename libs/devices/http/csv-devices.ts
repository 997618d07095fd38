import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { readCsvRecords, writeCsvRow } from '#platform/csv';
import type { CsvRecord } from '#platform/csv';
import { parseJson } from '#platform/http';
import type { DeviceView } from '../application/device.queries.js';

/** A device as an import has it: the members that were said, and what could not even be read. */
export interface ImportLine {
  /** From 1: the line, and in a list of JSON the item. */
  readonly line: number;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly mistakes: readonly Violation[];
}

const TEXTS = [
  ...['id', 'name', 'device_type', 'mac_address', 'ip_address', 'registration_date'],
  ...['environment', 'owner_team_id', 'store_id'],
] as const;
const NUMBERS = ['heartbeat_seconds'] as const;
const DOCUMENTS = ['labels', 'attributes', 'desired'] as const;
/** Of one import. */
export const LINES_MAX = 10_000;
/** In the order of the export. */
export const COLUMNS: readonly string[] = [...TEXTS, ...NUMBERS, ...DOCUMENTS];

const WHOLE = /^-?\d{1,15}$/;

/** The first line of an export. */
export const csvHeader = (): string => writeCsvRow(COLUMNS);

/** One line of an export. */
export function toCsvRow(device: DeviceView): string {
  const item: Readonly<Record<string, unknown>> = toExported(device);
  return writeCsvRow(
    COLUMNS.map((column) => {
      const value = item[column] ?? null;
      if (value === null) return '';
      return typeof value === 'string' ? value : JSON.stringify(value);
    }),
  );
}

/** One item of an export: what an import needs to make the device again. */
export const toExported = (device: DeviceView): Record<string, unknown> => ({
  id: device.id,
  name: device.name,
  device_type: device.deviceType,
  mac_address: device.macAddress,
  ip_address: device.ipAddress,
  registration_date: device.registrationDate.toISOString(),
  environment: device.environment,
  owner_team_id: device.ownerTeamId,
  store_id: device.storeId,
  heartbeat_seconds: device.heartbeatSeconds,
  labels: device.labels,
  attributes: device.attributes,
  desired: device.desired,
});

/** Devices of a table with a header; an empty cell clears, a column that there is not leaves. @throws InvalidInput */
export const readCsvDevices = (text: string): ImportLine[] =>
  readCsvRecords(text, COLUMNS, LINES_MAX).map(toLine);

function toLine({ line, cells, mistakes: unread }: CsvRecord): ImportLine {
  const mistakes = [...unread];
  const members = [...cells].map(([column, cell]): [string, unknown] => {
    try {
      return [column, valueOf(column, cell)];
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      mistakes.push(...error.violations.map((one) => ({ ...one, pointer: `/${column}${one.pointer}` })));
      return [column, undefined];
    }
  });
  return { line, sent: said(members), mistakes };
}

/** An id that is not given is none: a table with ids may have lines of new devices. */
const said = (members: readonly (readonly [string, unknown])[]): Record<string, unknown> =>
  Object.fromEntries(
    members.filter(([name, value]) => value !== undefined && (name !== 'id' || value !== null)),
  );

/** @throws InvalidInput */
function valueOf(column: string, cell: string): unknown {
  if (cell === '') return column === 'registration_date' ? undefined : null;
  if ((DOCUMENTS as readonly string[]).includes(column)) return parseJson(cell, {});
  const isNumber = (NUMBERS as readonly string[]).includes(column) && WHOLE.test(cell);
  return isNumber ? Number(cell) : expectStorable(cell);
}

/** What JSON would not have let through. @throws InvalidInput */
function expectStorable(cell: string): string {
  if (cell.includes('\0')) throw InvalidInput.at('', 'nul_character', 'The character NUL cannot be stored.');
  return cell;
}
