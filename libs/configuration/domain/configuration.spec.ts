import { InvalidInput } from '#shared-kernel';
import { aConfiguration, aContent, aNewConfiguration } from '../testing/a-configuration.js';
import { contentOf } from './configuration.js';
import { contentViolations, isEffectiveAt, referencesOf, secretKeysOf } from './configuration-content.js';
import type { ConfigurationContent } from './configuration-state.js';
import type { SecretPlacement } from './secret-reference.js';

const secret = (key: string): SecretPlacement => ({
  ...{ key, provider: null, path: 'secret/app', field: 'password', version: null },
  onError: 'fail',
});
const [morning, noon] = [new Date('2026-05-01T08:00:00.000Z'), new Date('2026-05-01T12:00:00.000Z')];
const mistakesOf = (content: Partial<ConfigurationContent>): string[] =>
  contentViolations(aContent(content)).map(({ pointer, code }) => `${pointer} ${code}`);

describe('a configuration', () => {
  it('notes what happened to it, and why', () => {
    const created = aNewConfiguration();
    expect(created.change).toMatchObject({ type: 'created', removes: false });
    const configuration = aConfiguration({ isActive: false });
    configuration.activate('now');
    expect([configuration.change, configuration.snapshot.isActive]).toEqual([
      { type: 'activated', reason: 'now', rolledBackFrom: null, removes: false },
      true,
    ]);
    configuration.deactivate(null);
    expect([configuration.change?.type, configuration.snapshot.isActive]).toEqual(['deactivated', false]);
    configuration.delete('over');
    expect(configuration.change).toMatchObject({ type: 'deleted', reason: 'over', removes: true });
  });

  it('has places that can be told: thousands of secrets inside of one name would be gigabytes of them', () => {
    const inside = (name: string): string[] => {
      const secrets = Array.from({ length: 2_000 }, (_, index) => [
        `a${index}`,
        { $secret_ref: { path: 'a', field: 'b' } },
      ]);
      return mistakesOf({ values: { top: { [name]: Object.fromEntries(secrets) } } });
    };
    expect(inside('x'.repeat(100_000))).toEqual(['/values/top pointer_too_long']);
    expect(inside('x'.repeat(900))).toEqual([]);
  });

  it('notes nothing where nothing changes, whatever the order of names is', () => {
    const configuration = aConfiguration({ values: { a: 1, b: { c: [1], d: null } }, effectiveFrom: noon });
    configuration.revise({ values: { b: { d: null, c: [1] }, a: 1 }, effectiveFrom: new Date(noon) }, null);
    configuration.activate(null);
    expect(configuration.change).toBeNull();
  });

  it.each<Partial<ConfigurationContent>>([
    { values: { a: [2, 1] } },
    { values: { a: [1, 2], b: null } },
    { schemaId: null, description: 'other' },
    { secretRefs: [secret('a')] },
    { finalKeys: ['a'] },
    { isActive: false },
    { effectiveFrom: noon },
    { effectiveUntil: noon },
  ])('is changed by %j', (revision) => {
    const configuration = aConfiguration({ values: { a: [1, 2] } });
    configuration.revise(revision, 'why');
    expect(configuration.change).toMatchObject({ type: 'updated', reason: 'why' });
    expect(configuration.snapshot).toMatchObject(revision);
  });

  it('goes back to what it was, as something new', () => {
    const configuration = aConfiguration({ values: { a: 1 }, description: 'd' });
    const past = contentOf(configuration.snapshot);
    configuration.revise({ values: {}, description: null }, null);
    configuration.revertTo(past, 1, null);
    expect(contentOf(configuration.snapshot)).toEqual(past);
    expect(configuration.change).toMatchObject({ type: 'rolled_back', rolledBackFrom: 1 });
  });

  it('takes no content that is wrong', () => {
    const wrong = { effectiveFrom: noon, effectiveUntil: morning };
    expect(() => aNewConfiguration(wrong)).toThrow(InvalidInput);
    const configuration = aConfiguration({ effectiveFrom: noon });
    expect(() => configuration.revise({ effectiveUntil: morning }, null)).toThrow(InvalidInput);
    expect(configuration.change).toBeNull();
  });
});

describe('a content', () => {
  it.each<[Partial<ConfigurationContent>, string[]]>([
    [{}, []],
    [{ effectiveFrom: morning, effectiveUntil: noon }, []],
    [{ effectiveFrom: noon, effectiveUntil: noon }, ['/effective_until order']],
    [{ effectiveFrom: noon, effectiveUntil: morning }, ['/effective_until order']],
    [{ effectiveFrom: noon }, []],
    [{ values: { a: 'x'.repeat(262_144) } }, ['/values too_large']],
    [{ values: { a: { $secret_ref: { path: 7 } } } }, ['/values/a/$secret_ref/path type']],
    [{ values: { a: [{ b: '${config:x}' }] } }, ['/values/a/0/b reference']],
    [{ values: { a: '$${config:x}' } }, []],
    [{ secretRefs: [secret('a'), secret('a')] }, ['/secret_refs/1/key duplicate']],
    [{ secretRefs: [secret('..')] }, ['/secret_refs/0/key dotted_path']],
    [{ finalKeys: ['a', ''] }, ['/final_keys/1 dotted_path']],
    [{ finalKeys: Array.from({ length: 101 }, (_, n) => `k${n}`) }, ['/final_keys too_many']],
    [{ description: '😀'.repeat(1_000) }, []],
    [{ description: 'x'.repeat(1_001) }, ['/description too_long']],
  ])('%j has the mistakes %j', (content, mistakes) => {
    expect(mistakesOf(content)).toEqual(mistakes);
  });

  it('has 256 KiB as UTF-8, and not a byte more', () => {
    const room = 262_144 - '{"a":""}'.length;
    expect(mistakesOf({ values: { a: 'ü'.repeat(room / 2) } })).toEqual([]);
    expect(mistakesOf({ values: { a: `${'ü'.repeat(room / 2)}x` } })).toEqual(['/values too_large']);
  });

  it('names the secrets that it asks for, and where', () => {
    const values = {
      'a.b': { $secret_ref: { path: 'p', field: 'f' } },
      list: [{ $secret_ref: { path: 'q' } }],
    };
    const content = { values, secretRefs: [secret('z.y'), secret('list.0')] };
    expect(secretKeysOf(content)).toEqual([String.raw`a\.b`, 'list.0', 'z.y']);
    expect(referencesOf(content).map(({ pointer, reference }) => [pointer, reference.path])).toEqual([
      ['/secret_refs/0', 'secret/app'],
      ['/secret_refs/1', 'secret/app'],
      ['/values/a.b', 'p'],
      ['/values/list/0', 'q'],
    ]);
  });

  it.each([
    ['without a window', null, null, true],
    ['as its window opens', noon, null, true],
    ['before its window opens', new Date(noon.getTime() + 1), null, false],
    ['as its window closes', morning, noon, false],
    ['inside of its window', morning, new Date(noon.getTime() + 1), true],
  ])('is effective, or not: %s', (_, effectiveFrom, effectiveUntil, expected) => {
    const content = aContent({ effectiveFrom, effectiveUntil });
    expect(isEffectiveAt(content, noon)).toBe(expected);
    expect(isEffectiveAt({ ...content, isActive: false }, noon)).toBe(false);
  });
});
