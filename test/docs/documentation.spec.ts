import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.data', 'coverage']);
const LINK = /\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g;
const SETTING = /read(?:<[^>]+>)?\(\s*'([A-Z_]+)'/g;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
  });
}

const files = markdownFiles(ROOT);

it('finds the documentation', () => {
  expect(files).toEqual(
    expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/architecture.md', 'libs/metadata/README.md']),
  );
});

it.each(files)('%s links only to what is there', (file) => {
  const missing = all(read(file), LINK).filter((target) => !existsSync(join(ROOT, dirname(file), target)));
  expect(missing).toEqual([]);
});

it.each(files)('%s names only scripts that exist', (file) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const known = new Set([...Object.keys(scripts), 'ci']);
  const named = all(read(file), /npm run (?:--silent )?([a-z]+(?::[a-z]+)*)/g);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

it('documents every setting, and no other', () => {
  const settings = all(read('libs/platform/config/settings.ts'), SETTING);
  const documented = all(
    read('docs/operations.md').split('## The database')[0] ?? '',
    /`([A-Z][A-Z_]+[A-Z])`/g,
  );
  expect(settings.length).toBeGreaterThan(10);
  expect([...new Set(documented)].sort()).toEqual([...settings].sort());
});

it('numbers the decisions without a gap', () => {
  const numbers = readdirSync(join(ROOT, 'docs/adr')).map((name) => Number(name.slice(0, 4)));
  expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
});
