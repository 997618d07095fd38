import { parse } from 'dotenv';
import { newEnvironment } from '../../apps/cli/environment.js';
import { parseApiKey } from '#platform/auth';
import { readSettings } from '#platform/config';
import { LocalKeyring } from '#platform/crypto';
import { interpolationsIn, readText } from './compose.js';
import { settingNames } from './setting-names.js';

const text = readText('.env.example');
const example = parse(text);
/** What docker-compose.yml needs for its servers. */
const OF_COMPOSE = ['POSTGRES_PASSWORD'];

describe('.env.example', () => {
  it('names every setting and no other', () => {
    expect(Object.keys(example).sort()).toEqual([...settingNames(), ...OF_COMPOSE].sort());
  });

  it('names each once', () => {
    const names = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('changes nothing when it is used as it is', () => {
    expect(readSettings(example)).toEqual(readSettings({}));
  });

  it('writes each default out, where there is one', () => {
    const given = Object.keys(example).filter((name) => example[name] !== '');
    const defaults = readSettings({});
    const isSet = Object.values(defaults).filter((value) => value !== null && !isEmpty(value));
    expect(given).toHaveLength(isSet.length);
  });

  it('says what each is for', () => {
    const lines = text.split('\n');
    const bare = lines.filter((line, index) => /^[A-Z_]+=/.test(line) && lines[index - 1] === '');
    expect(bare).toEqual([]);
  });

  it('has no secret', () => {
    expect(example).toMatchObject({
      ENCRYPTION_KEYS: '',
      METASTORE_BOOTSTRAP_KEY: '',
      POSTGRES_PASSWORD: '',
    });
  });
});

describe('docs/operations.md', () => {
  const table = readText('docs/operations.md').split('## The database')[0] ?? '';
  const rows = new Map(
    [...table.matchAll(/^\| (`[^|]+`) +\| ([^|]+?) +\|/gm)].flatMap(([, names = '', defaults = '']) => {
      const values = codes(defaults);
      return codes(names).map((name, index) => [name, values[index] ?? null] as const);
    }),
  );

  it('gives the same defaults as .env.example', () => {
    expect(rows.size).toBeGreaterThan(15);
    const elsewhere = new Set(['DATA_DIR', 'SECRET_FILE_ROOTS']); // In words.
    const differing = [...rows].filter(
      ([name, value]) => !elsewhere.has(name) && (value ?? '') !== (example[name] ?? ''),
    );
    expect(differing).toEqual([]);
  });
});

describe('npm run cli -- env', () => {
  const made = parse(newEnvironment());

  it('gives docker-compose.yml all that it cannot do without', () => {
    const needed = interpolationsIn(readText('docker-compose.yml')).filter(
      ({ operator }) => operator === ':?',
    );
    expect(Object.keys(made).sort()).toEqual([...new Set(needed.map(({ name }) => name))].sort());
  });

  it('makes secrets that the service takes', () => {
    expect(() => LocalKeyring.parse(made['ENCRYPTION_KEYS'] ?? '')).not.toThrow();
    expect(parseApiKey(made['METASTORE_BOOTSTRAP_KEY'] ?? '')).not.toBeNull();
    expect(made['POSTGRES_PASSWORD']).toMatch(/^[\w-]{32}$/);
  });

  it('makes other ones each time', () => {
    const again = parse(newEnvironment());
    for (const name of Object.keys(made)) expect(again[name]).not.toBe(made[name]);
  });

  it('writes what neither Compose nor a URL reads in another way', () => {
    for (const value of Object.values(made)) expect(value).toMatch(/^[\w:+/=.-]+$/);
  });
});

function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
