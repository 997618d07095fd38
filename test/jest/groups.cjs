// Several test files run as one, so that the service's some 1,500 modules are loaded once for all of them. What comes of it
// is told of each file again.
const { createHash } = require('node:crypto');
const { mkdirSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { formatExecError, formatResultsErrors } = require('jest-message-util');

/** More would save little, and what files leave behind in memory adds up. */
const MOST_FILES = 8;
const GROUPS_PER_WORKER = 2;
const NO_SNAPSHOTS = 'Snapshots belong to a file, and this one runs in a group: see test/jest/groups.cjs.';

/** What is in a group is a matter of names alone, so that it is the same in every run. */
function groupsOf(tests, workers) {
  const projects = new Map();
  for (const test of [...tests].sort(byPath)) {
    const { id } = test.context.config;
    projects.set(id, [...(projects.get(id) ?? []), test]);
  }
  const groups = [...projects.values()].flatMap((ofProject) => {
    const count = Math.max(Math.ceil(ofProject.length / MOST_FILES), workers * GROUPS_PER_WORKER);
    return dealt(ofProject, Math.min(count, ofProject.length));
  });
  return groups.sort((a, b) => weightOf(b) - weightOf(a));
}

function byPath(a, b) {
  return a.path < b.path ? -1 : 1;
}

/** As cards are: neighbours, which often take long for the same reason, go apart. */
function dealt(tests, count) {
  return Array.from({ length: count }, (_, hand) => tests.filter((_, index) => index % count === hand));
}

/** What takes longest begins first: by the runs before, or else by what there is to read. */
function weightOf(group) {
  return group.reduce((sum, { path, duration }) => sum + (duration ?? statSync(path).size / 4), 0);
}

/** One file that holds all files of a group, each in a block of its own name so that its hooks are its own. */
function groupFile(group) {
  const paths = group.map(({ path }) => path);
  const code = `for (const path of ${JSON.stringify(paths)}) (${loaded.toString()})(path);\n`;
  const folder = join(group[0].context.config.cacheDirectory, 'groups');
  const file = join(folder, `${createHash('sha256').update(code).digest('hex')}.js`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, code);
  return file;
}

/** Becomes part of that file. What cannot be loaded fails alone. */
function loaded(path) {
  describe(path, () => {
    try {
      require(path);
    } catch (error) {
      it('loads', () => {
        throw error;
      });
    }
  });
}

/** What each file came to. One without any test has no results, which Jest itself takes for a failure. */
function resultsOf(group, result, globalConfig) {
  const parts = group.map((test) => ({ test, tests: testsOf(test.path, result) }));
  const begun = parts.map(({ tests }, index) =>
    index === 0 ? result.perfStats.start : begunAt(tests, result),
  );
  return parts.map(({ test, tests }, index) => {
    const config = test.context.config;
    const error = errorOf(test, group, result);
    const start = begun[index];
    const end = begun[index + 1] ?? result.perfStats.end;
    const failures = [
      formatResultsErrors(tests, config, globalConfig, test.path),
      error && formatExecError(error, config, globalConfig, test.path),
    ];
    return {
      ...result,
      testFilePath: test.path,
      testResults: tests,
      numFailingTests: countOf(tests, 'failed'),
      numPassingTests: countOf(tests, 'passed'),
      numPendingTests: countOf(tests, 'pending'),
      numTodoTests: countOf(tests, 'todo'),
      skipped: tests.length > 0 && tests.every(({ status }) => status === 'pending'),
      console: result.console?.filter(({ origin }) => isOf(test, group, origin)),
      failureMessage: failures.filter(Boolean).join('\n\n') || null,
      testExecError: error,
      perfStats: { ...result.perfStats, start, end, runtime: end - start },
    };
  });
}

function testsOf(path, result) {
  return result.testResults
    .filter(({ ancestorTitles: [first] }) => first === path)
    .map((test) => withoutFile(test));
}

/** The name of the file is not part of the names of its tests. */
function withoutFile(test) {
  const ancestorTitles = test.ancestorTitles.slice(1);
  return { ...test, ancestorTitles, fullName: [...ancestorTitles, test.title].join(' ') };
}

function begunAt(tests, { perfStats }) {
  return tests.find(({ startAt }) => startAt)?.startAt ?? perfStats.end;
}

function countOf(tests, wanted) {
  return tests.filter(({ status }) => status === wanted).length;
}

/** What failed outside of any test, in the hooks after all tests, say, fails the files that it tells of, or else all. */
function errorOf(test, group, { testExecError, snapshot }) {
  const { added, matched, unmatched, updated } = snapshot;
  if (added + matched + unmatched + updated > 0) return { message: NO_SNAPSHOTS, stack: NO_SNAPSHOTS };
  return testExecError && isOf(test, group, testExecError.stack) ? testExecError : undefined;
}

function isOf({ path }, group, trace) {
  return trace.includes(path) || !group.some((other) => trace.includes(other.path));
}

module.exports = { groupsOf, groupFile, resultsOf, withoutFile };
