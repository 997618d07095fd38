const { groupsOf, resultsOf } = require('./groups.cjs');

const config = { id: 'unit', rootDir: '/', testMatch: [] };
const aTest = (path: string, duration = 1_000): any => ({ path, duration, context: { config } });
const paths = (groups: any[][]): string[][] => groups.map((group) => group.map(({ path }) => path));

const anAssertion = (path: string, title: string, status = 'passed', startAt = 0): object => ({
  ancestorTitles: [path, 'a block'],
  fullName: `${path} a block ${title}`,
  title,
  status,
  startAt,
  failureDetails: [],
  failureMessages: status === 'failed' ? [`Error: ${title}\n    at ${path}:1:1`] : [],
});

const snapshot = { added: 0, matched: 0, unmatched: 0, updated: 0 };
const aResult = (testResults: object[], more: object = {}): object => ({
  testResults,
  snapshot,
  perfStats: { start: 100, end: 900 },
  ...more,
});

describe('groups', () => {
  it.each([1, 2, 7, 16, 33, 170])('hold every one of %d files once, and never too many', (count) => {
    const tests = Array.from({ length: count }, (_, index) => aTest(`/${String(index).padStart(3, '0')}`));
    const groups: any[][] = groupsOf(tests, 2);
    expect(groups.flat().toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(tests);
    for (const { length } of groups) expect([length > 0, length <= 8]).toEqual([true, true]);
    expect(groups.length).toBeGreaterThanOrEqual(Math.min(count, 4));
  });

  it('are the same in whatever order the files come, and the longest is the first', () => {
    const tests = ['/a', '/b', '/c', '/d', '/e', '/f', '/g', '/h'].map((path, index) => aTest(path, index));
    const expected = [
      ['/d', '/h'],
      ['/c', '/g'],
      ['/b', '/f'],
      ['/a', '/e'],
    ];
    expect(paths(groupsOf(tests, 2))).toEqual(expected);
    expect(paths(groupsOf(tests.reverse(), 2))).toEqual(expected);
  });

  it('never mix projects', () => {
    const other = { ...aTest('/b'), context: { config: { ...config, id: 'e2e' } } };
    const groups = paths(groupsOf([aTest('/a'), other, aTest('/c')], 0));
    expect(groups).toEqual([['/a', '/c'], ['/b']]);
  });
});

describe('what a group came to', () => {
  const group = ['/a', '/b', '/c'].map((path) => aTest(path));
  const told = (result: object): any[] => resultsOf(group, result, {});

  it('is told of each file, by the names of its own tests', () => {
    const [a, b, c] = told(
      aResult([
        anAssertion('/a', 'one', 'passed', 200),
        anAssertion('/b', 'two', 'failed', 500),
        anAssertion('/b', 'three', 'pending'),
      ]),
    );
    expect([a.testFilePath, a.numPassingTests, a.failureMessage]).toEqual(['/a', 1, null]);
    expect([a.perfStats.runtime, b.perfStats.runtime]).toEqual([400, 400]);
    expect([b.testFilePath, b.numFailingTests, b.numPendingTests]).toEqual(['/b', 1, 1]);
    expect(b.testResults[0]).toMatchObject({ ancestorTitles: ['a block'], fullName: 'a block two' });
    expect(b.failureMessage).toContain('a block › two');
    expect(c.testResults).toEqual([]); // Jest takes a file without tests for a failure.
  });

  it('fails the file that failed outside of its tests, or else every file', () => {
    const results = ['/a', '/b', '/c'].map((path) => anAssertion(path, 'one'));
    const failed = (stack: string): string[] =>
      told(aResult(results, { testExecError: { message: '', stack } }))
        .filter(({ testExecError, failureMessage }) => testExecError && failureMessage)
        .map(({ testFilePath }) => testFilePath);
    expect(failed('Error: afterwards\n    at /b:1:1')).toEqual(['/b']);
    expect(failed('Error: from nowhere')).toEqual(['/a', '/b', '/c']);
  });

  it('has no snapshots, which would be kept beside the wrong file', () => {
    const [first] = told(aResult([anAssertion('/a', 'one')], { snapshot: { ...snapshot, added: 1 } }));
    expect(first.failureMessage).toContain('Snapshots');
  });
});
