import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PLANTED, WELL_BUILT } from './planted.js';
import type { Tree } from './planted.js';

interface Findings {
  readonly modules: number;
  readonly violations: readonly string[];
}

interface Report {
  readonly rules: readonly string[];
  readonly findings: Readonly<Record<string, Findings>>;
}

const MODULES_MIN = 50;
const PROJECT = join(import.meta.dirname, '../..');
const ROOTS = ['apps', 'libs', 'migrations', 'test', 'bench', 'postman'];

/** The cruiser is an ES module with a world of its own, so a process of its own looks at all trees in one go. */
async function cruise(folders: readonly string[]): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'cruise.mjs'),
    ...folders,
  ]);
  return JSON.parse(stdout) as Report;
}

/** Writes a tree that resolves names as the project does: by the project's own package.json. */
async function plant(tree: Tree, folder: string): Promise<string> {
  for (const root of ROOTS) await mkdir(join(folder, root), { recursive: true });
  await cp(join(PROJECT, 'package.json'), join(folder, 'package.json'));
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

describe('the boundaries', () => {
  let trees: string;
  let report: Report;
  const at = (name: string): Findings | undefined => report.findings[join(trees, name)];

  beforeAll(async () => {
    trees = await realpath(await mkdtemp(join(tmpdir(), 'boundaries-')));
    const folders = [
      await plant(WELL_BUILT, join(trees, 'well-built')),
      ...(await Promise.all(PLANTED.map(({ tree }, index) => plant(tree, join(trees, String(index)))))),
    ];
    report = await cruise([PROJECT, ...folders]);
  });

  afterAll(() => rm(trees, { recursive: true, force: true }));

  it.each(PLANTED.map((planted, index) => ({ ...planted, index })))(
    '$rule: $from must not import $to',
    ({ rule, from, to, index }) => {
      expect(at(String(index))?.violations).toContain(`${rule}: ${from} → ${to}`);
    },
  );

  it('each have a planted violation', () => {
    expect(new Set(PLANTED.map(({ rule }) => rule))).toEqual(new Set(report.rules));
  });

  it('let a well-built context pass', () => {
    expect(at('well-built')?.violations).toEqual([]);
  });

  it('see the whole project', () => {
    expect(report.findings[PROJECT]?.modules).toBeGreaterThan(MODULES_MIN);
  });

  it('are kept by the project', () => {
    expect(report.findings[PROJECT]?.violations).toEqual([]);
  });
});
