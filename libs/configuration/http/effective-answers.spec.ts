import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EffectiveQuestion } from '../application/effective.queries.js';
import type { LiveEffective } from '../application/live-effective.js';
import type { Layer } from '../domain/effective/layer.js';
import { aLayer } from '../testing/a-layer.js';
import { EffectiveAnswers } from './effective-answers.js';

const question = (environment: string): EffectiveQuestion =>
  ({ service: 'orders', environment, tenant: null, name: null, at: null }) as EffectiveQuestion;

it('keeps answers, and none of the layers that they were made of', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let shared: readonly Layer[] = [aLayer({ values: { a: 1 } })];
  const own: readonly Layer[] = [];
  const former = new WeakRef(shared);
  const answers = new EffectiveAnswers({
    peek: () => ({ shared, own }),
    nowMs: () => Date.now(),
  } as unknown as LiveEffective);
  const before = await answers.get(question('production'));
  expect(answers.peek(question('production'))?.text).toBe(before.text);
  shared = [aLayer({ values: { a: 2 } })];
  expect(answers.peek(question('production'))).toBeUndefined();
  await answers.get(question('staging'));
  await new Promise((resolve) => setImmediate(resolve)); // A weak reference holds until the end of its turn.
  collect();
  expect(former.deref()).toBeUndefined();
  expect((await answers.get(question('production'))).etag).not.toBe(before.etag);
});
