import { parseAllDocuments } from 'yaml';
import { yamlMistakeIn } from './yaml-documents.js';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const BOMB = ['a0: &a0 [x, x]', lines(60, (n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`)].join('\n');

describe('YAML', () => {
  it.each([
    ['nothing', ''],
    ['a comment alone', '# nothing'],
    ['a scalar', 'plain'],
    ['several documents', '---\na: 1\n---\na: 1\n...\n'],
    ['one anchor used often', `base: &b {a: 1}\nl:\n${lines(50_000, () => '- *b')}`],
    ['an anchor given anew', '[&a x, *a, &a y, *a]'],
    ['an anchor given anew within what it named', '- &a [&a x, *a]\n- *a'],
    ['an alias for a key', '- &a x\n- {*a : 1, y: 2}'],
    ['keys that only look alike', '{1: a, "1": b, true: c, "true": d}'],
    ['64 levels', `${'['.repeat(64)}x${']'.repeat(64)}`],
    ['types of YAML 1.1', 'a: !!omap [{b: 1}]\nc: !!set {d, e}'],
  ])('may be %s', (_, text) => {
    expect(yamlMistakeIn(text)).toBeNull();
  });

  it.each([
    ['an open bracket', 'a: [1, 2', 'bad indent in line 1'],
    ['a key twice', 'a: 1\nb: 2\na: 3', 'duplicate key in line 3'],
    ['a key twice in other words', '{1: a, 0x1: b}', 'duplicate key in line 1'],
    ['a merge key twice', 'a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a', 'duplicate key in line 4'],
    ['an alias of nothing', 'a: b\nc: *nowhere', 'an alias without its anchor in line 2'],
    ['an alias before its anchor', '[*a, &a x]', 'an alias without its anchor in line 1'],
    ['an alias of another document', '--- &a x\n--- *a', 'an alias without its anchor in line 2'],
    ['an alias within what it stands for', '&a [*a]', 'an alias within what it stands for in line 1'],
    ['a bomb', BOMB, 'its aliases expand to too much'],
    [
      'a bomb of one long scalar',
      `- &a ${'x'.repeat(500_000)}\n- [${'*a ,'.repeat(100)}]`,
      'its aliases expand to too much',
    ],
    ['65 levels', `${'['.repeat(65)}x${']'.repeat(65)}`, 'more than 64 levels in line 1'],
    ['65 levels of a block', `${'- '.repeat(65)}x`, 'more than 64 levels in line 1'],
    ['very many levels', '['.repeat(500_000), 'more than 64 levels in line 1'],
  ])('must not be %s', (_, text, reason) => {
    expect(yamlMistakeIn(text)).toBe(`It is not YAML 1.2: ${reason}.`);
  });

  it('ends with the first mistake', () => {
    const text = `---\na: ]\n${lines(100_000, () => '---\na')}`;
    expect(yamlMistakeIn(text)).toMatch(/ in line 2\.$/);
  });

  it('tells keys apart as the library does', () => {
    const texts = [
      '{a: 1, a: 2}',
      '{a: 1, A: 2}',
      '{~: 1, null: 2}',
      '{1: a, 1.0: b}',
      '{[a]: 1, [a]: 2}',
      '? \n? ',
    ];
    for (const text of texts) {
      const [document] = parseAllDocuments(text);
      const isRefused = document !== undefined && document.errors.length > 0;
      expect([text, yamlMistakeIn(text) !== null]).toEqual([text, isRefused]);
    }
  });
});

/** Where the work grows with the square of the text these take minutes, and the limit is a minute for each. */
describe('a large text', () => {
  it.each([
    ['many keys', lines(90_000, (n) => `k${n}: 1`), null],
    ['many keys in one line', `{${lines(60_000, (n) => `k${n}: 1,`)}}`, null],
    ['an ordered map', `!!omap [${lines(40_000, (n) => `{k${n}: 1},`)}]`, null],
    ['many anchors and aliases', lines(20_000, (n) => `- &a${n} x\n- *a${n}`), null],
    ['many documents', '---\n'.repeat(60_000), null],
    ['a long plain scalar', 'word '.repeat(200_000), null],
    ['a long quoted scalar', `"${'a \n '.repeat(100_000)}"`, null],
    ['many comments', '- a # x\n# y\n'.repeat(30_000), null],
    ['many escapes that are none', `"${'\\q'.repeat(60_000)}"`, 'bad dq escape'],
    ['many properties', `${'&a '.repeat(40_000)}x`, 'multiple anchors'],
  ])(
    'is read soon: %s',
    async (_, text, reason) => {
      const mistake = reason === null ? null : `It is not YAML 1.2: ${reason} in line 1.`;
      expect(yamlMistakeIn(text)).toBe(mistake);
      await new Promise((resolve) => setImmediate(resolve)); // Lets the clock of the limit ring.
    },
    60_000,
  );
});
