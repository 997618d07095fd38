// Jest's own runner, which is given groups of files and tells of the files, see groups.cjs.
const { default: TestRunner } = require('jest-runner');
const { groupFile, groupsOf, resultsOf, withoutFile } = require('./groups.cjs');

module.exports = class GroupingRunner extends TestRunner {
  /** By the path of the file that stands for it. */
  #groups = new Map();

  runTests(tests, watcher, options) {
    // A pattern is about the names of tests, which the name of the file would become a part of.
    const isWhole = !this._globalConfig.testNamePattern && !this._globalConfig.collectTests;
    const run = isWhole ? this.#grouped(tests) : tests;
    return super.runTests(run, watcher, options);
  }

  on(event, listener) {
    return super.on(event, async (data) => {
      for (const told of this.#perFile(event, data)) await listener(told);
    });
  }

  #grouped(tests) {
    return groupsOf(tests, this._globalConfig.maxWorkers).map((group) => {
      if (group.length === 1) return group[0];
      const path = groupFile(group);
      this.#groups.set(path, group);
      return { ...group[0], path };
    });
  }

  #perFile(event, data) {
    const [subject, outcome] = data;
    const group = this.#groups.get(subject.path ?? subject);
    if (!group) return [data];
    switch (event) {
      case 'test-file-success':
        return resultsOf(group, outcome, this._globalConfig).map((result, index) => [group[index], result]);
      case 'test-case-start':
      case 'test-case-result':
        return [[outcome.ancestorTitles[0], withoutFile(outcome)]];
      default:
        return group.map((test) => [test, outcome]);
    }
  }
};
