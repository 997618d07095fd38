import type { Format } from 'ajv';
import formats from 'ajv-formats';
import type { FormatName } from 'ajv-formats';

/** Those of JSON Schema whose checks take linear time. Any other format says nothing about values. */
const NAMES = [
  ...['date-time', 'date', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference'],
  ...['uri-template', 'uuid', 'json-pointer', 'relative-json-pointer', 'regex'],
] as FormatName[];

export const FORMATS: Readonly<Record<string, Format>> = Object.fromEntries(
  NAMES.map((name) => [name, formats.default.get(name)]),
);
