import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../..');
const OXLINT = join(PROJECT, 'node_modules/oxlint/bin/oxlint');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'function-shape-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Which of the project's own rules refuse this text. */
function refusals(text: string): string[] {
  const file = join(folder, 'planted.ts');
  writeFileSync(file, text);
  const config = join(PROJECT, '.oxlintrc.json');
  const { stdout } = spawnSync(process.execPath, [OXLINT, '-c', config, '-f', 'json', file], {
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => code).filter((code) => code.startsWith('metastore('));
}

it.each([
  'export function five(a: number, b: number, c: number, d: number, e: number): number { return a + b + c + d + e; }',
  'export const five = (a: number, b: number, c: number, d: number, e: number): number => a + b + c + d + e;',
  'export class Sum { of(a: number, b: number, c: number, d: number, e: number): number { return a + b + c + d + e; } }',
  'export abstract class Sum { abstract of(a: number, b: number, c: number, d: number, e: number): number; }',
])('a fifth parameter is refused: %s', (text) => {
  expect(refusals(text)).toEqual(['metastore(few-parameters)']);
});

it.each([
  'export function save(force: boolean): boolean { return force; }',
  'export function save(force = true): boolean { return force; }',
  'export function save(force?: boolean): boolean | undefined { return force; }',
  'export abstract class Store { abstract save(force: boolean): void; }',
])('a boolean parameter is refused: %s', (text) => {
  expect(refusals(text)).toEqual(['metastore(no-boolean-parameters)']);
});

it('lets four parameters, a constructor and what the framework fills pass', () => {
  const text = `
    declare const Query: () => ParameterDecorator;
    export const four = (a: number, b: number, c: number, d: number): number => a + b + c + d;
    export class Controller {
      constructor(readonly a: number, readonly b: number, readonly c: number, readonly d: number, readonly e: boolean) {}
      list(@Query() a: number, @Query() b: number, @Query() c: number, @Query() d: number, @Query() e: boolean): unknown {
        return [a, b, c, d, e];
      }
    }`;
  expect(refusals(text)).toEqual([]);
});
