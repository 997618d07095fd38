import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { parseJson } from '#platform/http';
import type { DeviceView } from '../application/device.queries.js';
import { plainCell, readCsv, writeCsvRow } from './csv.js';
import type { CsvRow } from './csv.js';

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
export function readCsvDevices(text: string): ImportLine[] {
  const { rows, mistake } = readCsv(text);
  const [header, ...lines] = rows;
  if (!header) throw new InvalidInput([mistake ?? NO_HEADER]);
  const columns = columnsOf(header);
  const devices = lines.map((row) => readRow(row, columns));
  if (!mistake) return devices;
  return [...devices, { line: mistake.line ?? 1, sent: {}, mistakes: [{ ...mistake, pointer: '' }] }];
}

const NO_HEADER: Violation = {
  pointer: '',
  code: 'required',
  detail: `The first line names the columns: ${COLUMNS.join(', ')}.`,
  line: 1,
};

/** @throws InvalidInput */
function columnsOf({ cells, line }: CsvRow): string[] {
  const columns = cells.map((cell) => cell.trim().toLowerCase());
  const violations = columns.flatMap((column, index): Violation[] => {
    const pointer = `/${index}`;
    if (!COLUMNS.includes(column))
      return [{ pointer, code: 'unknown_property', detail: `There is no column "${column}".`, line }];
    if (columns.indexOf(column) === index) return [];
    return [{ pointer, code: 'duplicate', detail: `The column "${column}" is there twice.`, line }];
  });
  if (violations.length > 0) throw new InvalidInput(violations);
  return columns;
}

function readRow({ line, cells }: CsvRow, columns: readonly string[]): ImportLine {
  if (cells.length !== columns.length) {
    const detail = `The line has ${cells.length} cells, and the header ${columns.length}.`;
    return { line, sent: {}, mistakes: [{ pointer: '', code: 'malformed_csv', detail }] };
  }
  const mistakes: Violation[] = [];
  const members = columns.map((column, index): [string, unknown] => {
    try {
      return [column, valueOf(column, plainCell(cells[index] ?? ''))];
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
