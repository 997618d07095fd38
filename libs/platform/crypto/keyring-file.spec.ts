import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsInvalid } from '#platform/config';
import { developmentKeyring } from './keyring-file.js';

describe('The keyring of a development installation', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyring-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made at the first start, for its owner alone, and kept from then on', async () => {
    const data = join(folder, 'not', 'there', 'yet');
    const first = await developmentKeyring(data);
    const wrapped = await first.wrap(Buffer.alloc(32, 5));
    expect(await (await developmentKeyring(data)).unwrap(wrapped)).toEqual(Buffer.alloc(32, 5));
    expect(await readdir(data)).toEqual(['encryption.keys']);
    expect((await stat(join(data, 'encryption.keys'))).mode & 0o777).toBe(0o600);
  });

  it('is the same for all who start at once', async () => {
    const keyrings = await Promise.all(Array.from({ length: 20 }, () => developmentKeyring(folder)));
    expect(new Set(keyrings.map((keyring) => keyring.currentId)).size).toBe(1);
    const wrapped = await keyrings[0]?.wrap(Buffer.alloc(32, 5));
    for (const keyring of keyrings) {
      expect(wrapped && (await keyring.unwrap(wrapped))).toEqual(Buffer.alloc(32, 5));
    }
    expect(await readdir(folder)).toEqual(['encryption.keys']);
  });

  it('holds what the setting takes', async () => {
    const { currentId } = await developmentKeyring(folder);
    const text = await readFile(join(folder, 'encryption.keys'), 'utf8');
    expect(text).toMatch(new RegExp(`^${currentId}:[A-Za-z0-9+/]{43}=\n$`));
  });

  it('is not replaced when it is damaged: the refusal names the file', async () => {
    const path = join(folder, 'encryption.keys');
    await writeFile(path, 'damaged');
    const opened = developmentKeyring(folder);
    await expect(opened).rejects.toThrow(SettingsInvalid);
    await expect(opened).rejects.toThrow(`${path}: entry 1 must be <id>:<base64 of 32 bytes>.`);
    expect(await readFile(path, 'utf8')).toBe('damaged');
  });

  it('is not written through a link that leads nowhere, and no draft of it is left', async () => {
    await symlink(join(folder, 'elsewhere'), join(folder, 'encryption.keys'));
    await expect(developmentKeyring(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).toEqual(['encryption.keys']);
  });
});
