import { readdirSync, readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { NotFoundException } from '@nestjs/common';
import { refusalOf } from '#platform/http';
import type { ErrorFacts } from '#shared-kernel';
import { refusalsIn, ToldRefusal, unreadCodesIn, violationCodesIn } from './refusals.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = join(ROOT, 'docs/problems');
const LINES_MAX = 25;
const PAGE =
  /^# (?<code>[a-z_]+)\n\nStatus: (?<status>\d{3}) (?<title>[^\n]+)\n\n\*\*When\.\*\* (?:.|\n)+?\n\n\*\*What to do\.\*\* (?:.|\n)+?\n\n```json\n(?<example>(?:.|\n)+?)\n```\n/;

interface Example {
  readonly code: string;
  readonly status: number;
  readonly detail?: string;
  readonly request_id: string;
  readonly errors?: readonly { readonly code: string }[];
}

const sources = ['libs', 'apps'].flatMap(sourcesIn).map((path) => readFileSync(path, 'utf8'));
const refusals = sources.flatMap(refusalsIn);
/** Where a class and the framework share a code, the class tells more. */
const byCode = new Map(
  [...refusals]
    .sort((a, b) => Number('kind' in a) - Number('kind' in b))
    .map((refusal) => [refusal.code, refusal]),
);
const violationCodes = [...new Set(sources.flatMap(violationCodesIn))].sort();
const pages = readdirSync(PAGES)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.slice(0, -'.md'.length));

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.includes('testing/'))
    .map((path) => join(ROOT, folder, path));
}

const textOf = (name: string): string => readFileSync(join(PAGES, `${name}.md`), 'utf8');

function read(name: string): { code: string; status: number; title: string; example: string } {
  const { code, status, title, example } = PAGE.exec(textOf(name))?.groups ?? {};
  if (code === undefined || title === undefined || example === undefined)
    throw new Error(`docs/problems/${name}.md has not the form of a page.`);
  return { code, status: Number(status), title, example };
}

/** The name of a status, as a code: what a refusal of a library is called that has no code of its own. */
const codeOfStatus = (status: number): string =>
  (STATUS_CODES[status] ?? '').toLowerCase().replaceAll(/[^a-z]+/g, '_');

/** What is thrown, so that the answer is the example of this page. */
function thrownFor(code: string, example: Example): unknown {
  const refusal = byCode.get(code);
  const { detail = '', status, request_id: _, ...rest } = example;
  const { type: __, title: ___, code: ____, ...facts } = rest as Record<string, unknown>;
  if (refusal?.kind) return new ToldRefusal(refusal.kind, code, detail, facts as ErrorFacts);
  if (refusal?.frameworkCode) return { code: refusal.frameworkCode };
  if (code === 'route_not_found') return new NotFoundException();
  return { statusCode: status };
}

describe('the codes of the source', () => {
  it('are found, each with the status that it is answered with', () => {
    const statuses = Object.fromEntries([...byCode].map(([code, { status }]) => [code, status]));
    expect(statuses).toMatchObject({
      invalid_input: 400,
      credential_missing: 401,
      metadata_not_found: 404,
      route_not_found: 404,
      metadata_key_taken: 409,
      stale_version: 412,
      path_too_long: 414,
      internal_error: 500,
      database_unavailable: 503,
    });
  });

  it('are the codes of refusals whose kind is known', () => {
    expect(refusals.filter(({ code, status }) => code === '?' || status === undefined)).toEqual([]);
  });

  it('mean one status each, wherever they are thrown', () => {
    const ambiguous = refusals.filter(({ code, status }) => byCode.get(code)?.status !== status);
    expect(ambiguous).toEqual([]);
  });

  it.each([...byCode.keys()])('%s has a page', (code) => {
    expect(pages).toContain(code);
  });
});

describe.each(pages)('the page %s', (name) => {
  it('is about a code that the product answers with', () => {
    const { code, status } = read(name);
    expect(code).toBe(name);
    expect([...byCode.keys(), codeOfStatus(status)]).toContain(code);
  });

  it('names the status that the code has', () => {
    const { code, status, title } = read(name);
    expect(status).toBe(byCode.get(code)?.status ?? status);
    expect(title).toBe(STATUS_CODES[status]);
  });

  it('shows the very document that is answered', () => {
    const { code, example } = read(name);
    const shown = JSON.parse(example) as Example;
    const { problem } = refusalOf(thrownFor(code, shown), shown.request_id);
    expect(JSON.stringify(shown)).toBe(JSON.stringify(problem));
  });

  it('names only codes that exist in its example', () => {
    const { errors = [] } = JSON.parse(read(name).example) as Example;
    expect([...violationCodes, ...byCode.keys()]).toEqual(
      expect.arrayContaining(errors.map(({ code }) => code)),
    );
  });

  it('fits on a screen', () => {
    const lines = textOf(name).split('\n').length - 1;
    if (name !== 'invalid_input') expect(lines).toBeLessThanOrEqual(LINES_MAX);
    else expect(lines).toBeGreaterThan(LINES_MAX); // It has a section for each violation.
  });
});

describe('the page of invalid_input', () => {
  const sections = [...textOf('invalid_input').matchAll(/^### ([a-z_0-9]+)\n\n\S/gm)].map(
    ([, code = '']) => code,
  );

  it('stands for codes that can all be read from the source', () => {
    expect(sources.filter((text) => unreadCodesIn(text) > 0)).toEqual([]);
  });

  it('has a section for every code of a violation, and no other', () => {
    const own = violationCodes.filter((code) => !byCode.has(code)); // Those have a page.
    expect(own).toEqual(expect.arrayContaining(['required', 'too_deep', 'duplicate_key', 'invalid_utf8']));
    expect([...sections].sort()).toEqual(own);
  });
});

describe('the index', () => {
  it('lists every page once, with its status', () => {
    const rows = [...textOf('README').matchAll(/^\| (\d{3}) +\| \[([a-z_]+)\]\(([a-z_]+)\.md\)/gm)];
    const listed = rows.map(([, status, code, link]) => `${status} ${code} ${link}.md`);
    const expected = pages.map((name) => `${read(name).status} ${name} ${name}.md`);
    expect(listed.sort()).toEqual(expected.sort());
  });
});

it('explains every refusal that the API reference declares', () => {
  const { paths } = JSON.parse(readFileSync(join(ROOT, 'openapi.json'), 'utf8')) as {
    paths: Record<string, Record<string, { responses?: Record<string, object> }>>;
  };
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  const declared = operations.flatMap(({ responses = {} }) => Object.keys(responses).map(Number));
  const refused = new Set(declared.filter((status) => status >= 400));
  expect(refused.size).toBeGreaterThan(5);
  const explained = new Set(pages.map((name) => read(name).status));
  expect([...refused].filter((status) => !explained.has(status))).toEqual([]);
});
