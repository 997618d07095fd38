import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBS = join(import.meta.dirname, '../../libs');
const CLASS = /^export (?:abstract )?class (\w+)/gm;

/** The document knows a schema by the name of its class alone: of two classes the later one would stand for both. */
it('calls every class of the wire something of its own', () => {
  const places = new Map<string, string[]>();
  const files = readdirSync(LIBS, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\/http\/(?!testing\/).*(?<!\.spec)\.ts$/.test(name)))
    for (const [, name = ''] of readFileSync(join(LIBS, file), 'utf8').matchAll(CLASS))
      places.set(name, [...(places.get(name) ?? []), file]);
  expect([...places].filter(([, found]) => found.length > 1)).toEqual([]);
  expect(places.get('ProblemResponse')).toHaveLength(1);
});
