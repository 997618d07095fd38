import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { SettingsInvalid } from '#platform/config';
import { CiphertextInvalid, UnknownEncryptionKey } from './errors.js';
import { LocalKeyring } from './local-keyring.js';

const key = (): string => randomBytes(32).toString('base64');
const ONE = key();

describe('LocalKeyring', () => {
  it('wraps under the first key, and unwraps under all', async () => {
    const [one, two] = [`one:${key()}`, `2-two_:${key()}`];
    const dataKey = randomBytes(32);
    const wrapped = await LocalKeyring.parse(two).wrap(dataKey);
    const keyring = LocalKeyring.parse(` ${one} ,\n${two}\n`);
    expect(keyring.currentId).toBe('one');
    expect((await keyring.wrap(dataKey)).kekId).toBe('one');
    expect(wrapped.kekId).toBe('2-two_');
    expect(await keyring.unwrap(wrapped)).toEqual(dataKey);
  });

  it('refuses a key that it does not have, and one that is not its own', async () => {
    const keyring = LocalKeyring.parse(`one:${ONE}`);
    const foreign = await LocalKeyring.parse(`one:${key()}`).wrap(randomBytes(32));
    await expect(keyring.unwrap({ ...foreign, kekId: 'two' })).rejects.toThrow(UnknownEncryptionKey);
    await expect(keyring.unwrap({ ...foreign, kekId: '__proto__' })).rejects.toThrow(UnknownEncryptionKey);
    await expect(keyring.unwrap(foreign)).rejects.toThrow(CiphertextInvalid);
  });

  it('binds a wrapped key to the id that it was wrapped under', async () => {
    const wrapped = await LocalKeyring.parse(`one:${ONE}`).wrap(randomBytes(32));
    const renamed = LocalKeyring.parse(`two:${ONE}`);
    await expect(renamed.unwrap({ ...wrapped, kekId: 'two' })).rejects.toThrow(CiphertextInvalid);
  });

  it.each([
    ['', 'entry 1 must be <id>:<base64 of 32 bytes>.'],
    [ONE, 'entry 1 must be <id>:<base64 of 32 bytes>.'],
    [`one:${ONE}:x`, 'entry 1 must be <id>:<base64 of 32 bytes>.'],
    [`one:${ONE},`, 'entry 2 must be <id>:<base64 of 32 bytes>.'],
    [`:${ONE}`, 'entry 1 must have an id of a-z, 0-9, _ and -, 1 to 64 characters.'],
    [`One:${ONE}`, 'entry 1 must have an id of a-z, 0-9, _ and -, 1 to 64 characters.'],
    [`a|b:${ONE}`, 'entry 1 must have an id of a-z, 0-9, _ and -, 1 to 64 characters.'],
    [`${'a'.repeat(65)}:${ONE}`, 'entry 1 must have an id of a-z, 0-9, _ and -, 1 to 64 characters.'],
    [`one:${ONE},one:${key()}`, 'entry 2 has the id of an earlier one.'],
    [`one:${ONE},two:${ONE}`, 'entry 2 has the key of an earlier one.'],
    [`one:${ONE.slice(0, -1)}`, 'entry 1 must have a key in padded base64.'],
    [`one:${ONE.slice(0, -2)}*=`, 'entry 1 must have a key in padded base64.'],
    [`one:${Buffer.alloc(32, 255).toString('base64url')}=`, 'entry 1 must have a key in padded base64.'],
    ['one:', 'entry 1 must have a key of 32 bytes.'],
    [`one:${randomBytes(16).toString('base64')}`, 'entry 1 must have a key of 32 bytes.'],
    [`one:${randomBytes(33).toString('base64')}`, 'entry 1 must have a key of 32 bytes.'],
  ])('refuses a setting that is wrong, case %#', (setting, sentence) => {
    const parse = (): unknown => LocalKeyring.parse(setting);
    expect(parse).toThrow(SettingsInvalid);
    expect(parse).toThrow(`ENCRYPTION_KEYS: ${sentence}`);
  });

  it('never repeats a part of the setting when refusing it', () => {
    const piece = fc.oneof(
      fc.constantFrom(ONE, `one:${ONE}`, `${ONE}:one`, `one:${ONE.slice(3)}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        let message = '';
        try {
          LocalKeyring.parse(pieces.join(','));
        } catch (error) {
          message = String(error);
        }
        expect(message).not.toContain(ONE.slice(3));
      }),
    );
  });

  it('shows no key when it is printed', () => {
    const keyring = LocalKeyring.parse(`one:${ONE}`);
    const hex = Buffer.from(ONE, 'base64').toString('hex');
    const printed = `${inspect(keyring, { depth: 9, showHidden: true })}${JSON.stringify(keyring)}`;
    expect(printed).toContain('one');
    expect(printed).not.toContain(ONE);
    expect(printed.replaceAll(/[^0-9a-f]/g, '')).not.toContain(hex);
  });

  it('generates a setting that it takes, new every time', () => {
    const settings = Array.from({ length: 20 }, () => LocalKeyring.generate());
    expect(new Set(settings.map((setting) => setting.split(':')[1])).size).toBe(20);
    for (const setting of settings)
      expect(setting).toMatch(new RegExp(`^${LocalKeyring.parse(setting).currentId}:`));
  });
});
