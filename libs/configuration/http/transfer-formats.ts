import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { expectNone, TextBody } from '#platform/http';
import type { Format } from './transfer.dto.js';

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  dotenv: 'text/plain',
  properties: 'text/x-java-properties',
};
const PLAIN = 'text/plain';

/** Formats that hold the values of one configuration, and no more. */
export type FlatFormat = 'dotenv' | 'properties';
export const isFlat = (format: Format): format is FlatFormat =>
  format === 'dotenv' || format === 'properties';

/** What a request says of its format besides the media type. */
export interface FormatQuestion {
  readonly format?: Format | undefined;
  readonly mode?: string;
  readonly names?: string | undefined;
  readonly types?: string | undefined;
}

/** The format of a body, by its media type and by what is said of it; both have to agree. @throws InvalidInput */
export function formatOf(body: unknown, { format }: FormatQuestion): Format {
  const mediaType = body instanceof TextBody ? body.mediaType : MEDIA_TYPES.json;
  if (mediaType === PLAIN && format !== undefined && format !== 'json') return format;
  const meant = (['json', 'yaml', 'properties'] as const).find((one) => MEDIA_TYPES[one] === mediaType);
  if (meant === undefined)
    throw InvalidInput.at('/format', 'required', 'text/plain may be yaml, dotenv or properties: say which.');
  if (format !== undefined && format !== meant)
    throw InvalidInput.at('/format', 'contradiction', `The body is ${mediaType}.`);
  return meant;
}

/** Nothing that is said is passed over. @throws InvalidInput */
export function expectFitting(format: Format, { mode, names, types }: FormatQuestion): void {
  const violations: Violation[] = [];
  const refuse = (name: string, detail: string): void => {
    violations.push({ pointer: `/${name}`, code: 'not_applicable', detail });
  };
  if (names !== undefined && format !== 'dotenv') refuse('names', 'It is for dotenv alone.');
  if (types !== undefined && !isFlat(format)) refuse('types', 'It is for dotenv and properties alone.');
  if (mode === 'replace' && isFlat(format))
    refuse('mode', 'A flat format is one document and says nothing of others.');
  expectNone(violations);
}
