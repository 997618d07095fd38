import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvSource } from '../../libs/configuration/infrastructure/secrets/env-source.js';
import { FileSource } from '../../libs/configuration/infrastructure/secrets/file-source.js';
import { SecretFailure, valueIn } from '../../libs/configuration/infrastructure/secrets/secret-source.js';
import type {
  FetchedSecret,
  SecretSource,
} from '../../libs/configuration/infrastructure/secrets/secret-source.js';

const MIB = 1_048_576;

let root: string;
let directory: string;
let source: FileSource;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'secrets-'));
  directory = join(root, 'orders');
  await mkdir(directory);
  source = new FileSource({ kind: 'file', directory }, [root]);
});

afterEach(() => rm(root, { recursive: true }));

const read = (
  path: string,
  from: SecretSource = source,
  version: string | null = null,
): Promise<FetchedSecret> => from.fetch({ path, version, signal: AbortSignal.timeout(60_000) });

async function causeOf(work: Promise<unknown>): Promise<string> {
  const failure: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof SecretFailure)) throw new Error(`No failure of ours: ${String(failure)}`);
  return failure.why;
}

describe('a secret in a file', () => {
  it.each([
    ['one', 'one'],
    ['one\n', 'one'],
    ['one\r\n', 'one'],
    ['one\n\n', 'one\n'],
    [' one ', ' one '],
    ['', ''],
    ['\u{feff}ä', '\u{feff}ä'],
  ])('%j is %j', async (content, value) => {
    await writeFile(join(directory, 'password'), content);
    expect(valueIn(await read('password'), null)).toBe(value);
  });

  it('is a field of a file that is JSON', async () => {
    await writeFile(join(directory, 'db.json'), '{"password":"one","__proto__":{"x":1}}\n');
    const secret = await read('db.json');
    expect(valueIn(secret, 'password')).toBe('one');
    for (const field of ['user', 'toString', 'x'])
      expect(() => valueIn(secret, field)).toThrow(SecretFailure);
  });

  it('has no version to choose, and one that tells when it was written anew, and not what it says', async () => {
    const file = join(directory, 'password');
    const version = async (content: string, seconds: number): Promise<unknown> => {
      await writeFile(file, content);
      await utimes(file, seconds, seconds);
      return (await read('password')).version;
    };
    const first = await version('one', 1_000);
    expect(await version('two', 1_000)).toBe(first);
    expect(await version('two', 2_000)).not.toBe(first);
    expect(await causeOf(read('password', source, '1'))).toBe('not_found');
  });

  it('is the new one as soon as Kubernetes has swapped the folder', async () => {
    const swap = async (name: string, content: string): Promise<void> => {
      await mkdir(join(directory, name));
      await writeFile(join(directory, name, 'password'), content);
      await symlink(name, join(directory, '..data_tmp'));
      await rename(join(directory, '..data_tmp'), join(directory, '..data'));
    };
    await swap('..2026_05_01', 'one');
    await symlink('..data/password', join(directory, 'password'));
    const before = await read('password');
    await swap('..2026_05_02', 'two');
    await rm(join(directory, '..2026_05_01'), { recursive: true });
    const after = await read('password');
    expect([before.text, after.text]).toEqual(['one', 'two']);
    expect(after.version).not.toBe(before.version);
  });
});

describe('a file that is none to give', () => {
  it('lies elsewhere, by a link to a file, to a folder, or by a name', async () => {
    await writeFile(join(root, 'other'), 'marker');
    await symlink(join(root, 'other'), join(directory, 'link'));
    await symlink(root, join(directory, 'folder'));
    for (const path of ['link', 'folder/other', '../other'])
      expect(await causeOf(read(path))).toBe('path_forbidden');
  });

  it('lies in a folder that is a link out of the roots', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'password'), 'marker');
    await symlink(outside, join(root, 'away'));
    const away = new FileSource({ kind: 'file', directory: join(root, 'away') }, [root]);
    expect(await causeOf(read('password', away))).toBe('path_forbidden');
    expect(await causeOf(away.probe())).toBe('path_forbidden');
    await rm(outside, { recursive: true });
  });

  it('lies in a folder that only begins like a root', async () => {
    await mkdir(`${directory}-2`);
    await writeFile(join(`${directory}-2`, 'password'), 'marker');
    const sibling = new FileSource({ kind: 'file', directory: `${directory}-2` }, [directory]);
    expect(await causeOf(read('password', sibling))).toBe('path_forbidden');
  });

  it.each([
    ['is not there', 'nothing', 'not_found'],
    ['is below a file', 'password/x', 'not_found'],
    ['is a folder', 'folder', 'malformed'],
    ['is a pipe that nobody writes to', 'pipe', 'malformed'],
    ['is a circle of links', 'circle', 'path_forbidden'],
    ['is no text', 'binary', 'malformed'],
    ['is too large', 'large', 'too_large'],
  ])('%s', async (_, path, cause) => {
    await writeFile(join(directory, 'password'), 'one');
    await mkdir(join(directory, 'folder'));
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(directory, 'pipe')]);
    await symlink('circle', join(directory, 'circle'));
    await writeFile(join(directory, 'binary'), Buffer.from([0xff, 0xfe]));
    await writeFile(join(directory, 'large'), 'x'.repeat(MIB + 1));
    expect(await causeOf(read(path))).toBe(cause);
  });

  it('may have a whole MiB', async () => {
    await writeFile(join(directory, 'large'), 'x'.repeat(MIB));
    expect((await read('large')).text).toHaveLength(MIB);
  });
});

describe('a trial of a folder', () => {
  it('says whether it is there', async () => {
    expect(await source.probe()).toBe('The folder is there.');
    const gone = new FileSource({ kind: 'file', directory: join(root, 'gone') }, [root]);
    expect(await causeOf(gone.probe())).toBe('not_found');
  });
});

describe('a secret in a variable', () => {
  const set = new Map([
    ['PAYMENT_KEY', 'one'],
    ['EMPTY', ''],
    ['DATABASE_URL', 'marker'],
    ['OTHER', 'marker'],
  ]);
  const env = new EnvSource(
    { kind: 'env', names: ['PAYMENT_KEY', 'EMPTY', 'UNSET', 'DATABASE_URL'] },
    {
      surroundings: { isReserved: (name) => name === 'DATABASE_URL' },
      read: (name) => set.get(name) ?? null,
    },
  );

  it('is given when it is listed, also when it is empty', async () => {
    expect(await read('PAYMENT_KEY', env)).toEqual({ text: 'one', fields: null, version: null });
    expect((await read('EMPTY', env)).text).toBe('');
  });

  it.each([
    ['UNSET', 'not_found'],
    ['OTHER', 'path_forbidden'],
    ['DATABASE_URL', 'path_forbidden'],
  ])('%s is %s', async (name, cause) => {
    expect(await causeOf(read(name, env))).toBe(cause);
  });

  it('has no versions', async () => {
    expect(await causeOf(read('PAYMENT_KEY', env, '1'))).toBe('not_found');
  });

  it('is missed in a trial', async () => {
    await expect(env.probe()).rejects.toThrow('Not set: UNSET.');
  });
});
