import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import type * as Evaluator from './index.js';
import { aFlag, aRule, setOf, SOME_TIME } from './testing/builders.js';

const HERE = import.meta.dirname;

/** Loads the library into a world of its own that has the language and nothing else: no Node, not even `TextEncoder`. */
function loadAlone(): typeof Evaluator {
  const world = createContext({});
  const loaded = new Map<string, { exports: unknown }>();
  const resolve = createRequire(join(HERE, 'index.ts')).resolve;
  const sourceOf = (file: string): string => {
    const text = readFileSync(file, 'utf8');
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    return file.endsWith('.ts') ? ts.transpileModule(text, { compilerOptions: options }).outputText : text;
  };
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const run: unknown = runInContext(`(function (module, exports, require) {${sourceOf(file)}\n})`, world, {
      filename: file,
    });
    if (typeof run !== 'function') throw new TypeError('No function.');
    run(module, module.exports, (name: string) =>
      load(name.startsWith('./') ? join(dirname(file), name.replace(/\.js$/, '.ts')) : resolve(name)),
    );
    return module.exports;
  };
  return load(join(HERE, 'index.ts')) as typeof Evaluator;
}

describe('without Node', () => {
  it('the library loads, and gives the same', () => {
    const alone = loadAlone();
    const flags = [
      aFlag('rollout', { rolloutPercentage: 50 }),
      aFlag('rules', {
        rolloutPercentage: 0,
        targetingRules: [
          aRule({
            id: 'regex',
            conditions: [{ attribute: 'email', operator: 'regex', value: '@example\\.com$' }],
          }),
          aRule({ id: 'cidr', conditions: [{ attribute: 'ip', operator: 'in_cidr', value: '10.0.0.0/8' }] }),
          aRule({
            id: 'date',
            conditions: [{ attribute: 'born', operator: 'before', value: '2000-01-01T00:00:00Z' }],
          }),
        ],
      }),
    ];
    const here = setOf(flags);
    const there = alone.compileFlagSet({ flags, segments: [] });
    const contexts = Array.from({ length: 500 }, (_, index) => ({
      targetingKey: `😀-ü-${index}`,
      email: `${index}@example.${index % 2 ? 'com' : 'org'}`,
      ip: `${8 + (index % 4)}.1.2.3`,
      born: `${1990 + (index % 20)}-06-01T00:00:00Z`,
    }));
    const answers = (set: Evaluator.FlagSet) =>
      contexts.flatMap((context) =>
        ['rollout', 'rules'].map((name) => JSON.stringify(set.explain(name, context, SOME_TIME))),
      );
    expect(answers(there)).toEqual(answers(here));
    expect(alone.murmur3('用户')).toBe(3681788688);
  });
});
