import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';
import { compareVersions, versionOf } from '#flag-evaluator';

/** A version as Semantic Versioning 2.0.0 says, without build metadata: of two that differ one comes first. */
export type SchemaVersion = Brand<string, 'SchemaVersion'>;

/** The first of a schema, when nothing else is said. */
export const FIRST_VERSION = '1.0.0';
export const SCHEMA_VERSION_LENGTH_MAX = 64;
const NUMBER = '(?:0|[1-9][0-9]*)';
const IDENTIFIER = `(?:${NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`;
/** For example `2.1.0` or `3.0.0-rc.1`. */
export const SCHEMA_VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${IDENTIFIER}(?:\\.${IDENTIFIER})*)?$`,
);

/** @throws InvalidInput */
export function schemaVersion(text: string, pointer = '/version'): SchemaVersion {
  if (text.length > SCHEMA_VERSION_LENGTH_MAX || !SCHEMA_VERSION.test(text)) {
    throw InvalidInput.at(pointer, 'pattern', 'A version has three numbers, for example 2.1.0.');
  }
  return text as SchemaVersion;
}

/** Whether the first comes after the second. */
export function isNewer(version: SchemaVersion, than: SchemaVersion): boolean {
  const [a, b] = [versionOf(version), versionOf(than)];
  return a !== undefined && b !== undefined && compareVersions(a, b) > 0;
}
