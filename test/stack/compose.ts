import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '../..');

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What the tests look at of one service of docker-compose.yml. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** What the tests look at of docker-compose.yml. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const readCompose = (): ComposeFile => parse(readText('docker-compose.yml')) as ComposeFile;

/** A variable as a compose file uses it: `${NAME}`, `${NAME:-default}` or `${NAME:?complaint}`. */
export interface Interpolation {
  readonly name: string;
  readonly operator: string;
  readonly word: string;
}

const INTERPOLATION = /\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?+]|)([^}]*)\}/g;

/** All variables of a text, comments left out. */
export function interpolationsIn(text: string): Interpolation[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return [...lines.join('\n').matchAll(INTERPOLATION)].map(([, name = '', operator = '', word = '']) => ({
    name,
    operator,
    word,
  }));
}
