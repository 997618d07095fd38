import { getHeapStatistics } from 'node:v8';
import type { ValidateFunction } from 'ajv';
import { compileBundle, schemaMistakes, secretText, violationsIn } from './engine.js';
import { isList, isMembers, stepsOf } from './json.js';
import type { Json } from './json.js';
import type { DocumentText, Job, Outcome, SchemaBundle, Secrets, Task } from './messages.js';
import { refusedPatterns } from './patterns.js';

/** What runs in a worker, one job at a time; whoever started it ends it when it takes too long. */

const COMPILED_MAX = 50;
const HEAP_BYTES_MAX = 32 * 1024 * 1024;
/** After so long no further document of a job is begun: each is to have the limit of a job nearly to itself. */
const MILLISECONDS_PER_JOB = 50;

/** The least recently used first. */
const compiled = new Map<string, ValidateFunction>();

/** Does one job. Exported as the pool asks for it. */
export function run({ task, begun }: Job): Outcome {
  begun.postMessage(null);
  begun.close();
  try {
    return perform(task);
  } catch (error) {
    // Too many calls inside of each other: a schema that leads back to itself, and a document that follows it.
    if (error instanceof RangeError) return { kind: 'too-expensive' };
    throw error;
  } finally {
    if (getHeapStatistics().used_heap_size > HEAP_BYTES_MAX) compiled.clear();
  }
}

function perform(task: Task): Outcome {
  if (task.kind === 'check') return { kind: 'checked', results: check(task.bundle, task.documents) };
  const [{ text, dialect }] = task.bundle;
  const violations = [
    ...schemaMistakes(JSON.parse(text) as Json, dialect),
    ...refusedPatterns(task.patterns),
  ];
  if (task.isSound && violations.length === 0) {
    compileBundle(task.bundle, 'none');
    compileBundle(task.bundle, 'some');
  }
  return { kind: 'admitted', violations };
}

function check(
  bundle: SchemaBundle,
  documents: readonly DocumentText[],
): Extract<Outcome, { kind: 'checked' }>['results'] {
  const until = performance.now() + MILLISECONDS_PER_JOB;
  const results = [];
  for (const { text, secretsAt } of documents) {
    const document = JSON.parse(text) as Json;
    secretsAt.forEach((pointer, index) => put(document, pointer, secretText(index)));
    results.push(violationsIn(compiledOf(bundle, secretsAt.length > 0 ? 'some' : 'none'), document));
    if (performance.now() > until) break;
  }
  return results;
}

/** Schemas never change under their key, so that compiled ones are good for as long as there is room. */
function compiledOf(bundle: SchemaBundle, secrets: Secrets): ValidateFunction {
  const key = `${secrets} ${bundle[0].key}`;
  const known = compiled.get(key) ?? compileBundle(bundle, secrets);
  compiled.delete(key);
  compiled.set(key, known);
  const [oldest] = compiled.keys();
  if (compiled.size > COMPILED_MAX && oldest !== undefined) compiled.delete(oldest);
  return known;
}

/** Replaces what stands at a place; where there is none, nothing. */
function put(document: Json, pointer: string, text: string): void {
  const steps = stepsOf(pointer);
  const last = steps.pop();
  let holder: Json | undefined = document;
  for (const step of steps) holder = inside(holder, step);
  if (last === undefined || inside(holder, last) === undefined) return;
  (holder as Record<string, Json>)[last] = text;
}

const inside = (holder: Json | undefined, step: string): Json | undefined =>
  (isMembers(holder) || isList(holder)) && Object.hasOwn(holder, step)
    ? (holder as Readonly<Record<string, Json>>)[step]
    : undefined;
