import { Metrics } from '#platform/observability';
import type { EffectiveQuestion } from '../application/effective.queries.js';
import { LiveEffective } from '../application/live-effective.js';
import type { LayersListener, LiveLayers } from '../application/live-effective.js';
import type { Layer } from '../domain/effective/layer.js';
import type { ConfigurationName, EnvironmentName, ServiceId } from '../domain/identity.js';
import { ServiceNotConfigured } from '../domain/service-not-configured.js';
import { aLayer } from '../testing/a-layer.js';
import { EffectiveAnswers } from './effective-answers.js';
import type { EffectiveAnswer } from './effective-answers.js';
import { EffectiveWaits } from './effective-waits.js';

const QUESTION: EffectiveQuestion = {
  service: 'orders' as ServiceId,
  environment: 'production' as EnvironmentName,
  tenant: null,
  name: null as ConfigurationName | null,
  at: null,
};
const NOW = new Date('2026-05-01T10:00:00Z');

/** Layers that a test sets, in memory or still to be loaded. */
class SetLiveEffective extends LiveEffective {
  layers: readonly Layer[] = [];
  isInMemory = true;
  isAway = false;
  loads = 0;
  readonly mayBeOld = false;
  readonly #listeners = new Set<LayersListener>();

  change(layers: readonly Layer[]): void {
    this.layers = layers;
    for (const listener of this.#listeners) listener(QUESTION.service, null);
  }

  override peek(): LiveLayers | undefined {
    return this.isInMemory ? { shared: this.layers, own: NONE } : undefined;
  }

  override async load(): Promise<LiveLayers> {
    this.loads += 1;
    if (this.isAway) throw new Error('away');
    return { shared: this.layers, own: NONE };
  }

  override nowMs(): number {
    return Date.now();
  }

  override onChange(listener: LayersListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const NONE: readonly Layer[] = [];

let live: SetLiveEffective;
let answers: EffectiveAnswers;
let waits: EffectiveWaits;
let known: EffectiveAnswer;

beforeEach(async () => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  live = new SetLiveEffective();
  live.layers = [aLayer({ values: { n: 1 } })];
  answers = new EffectiveAnswers(live);
  waits = new EffectiveWaits(live, answers, new Metrics());
  waits.onModuleInit();
  known = await answers.get(QUESTION);
});

afterEach(() => {
  jest.useRealTimers();
});

function enter(seconds = 30): Promise<EffectiveAnswer | null> {
  const waiting = waits.enter(QUESTION, known.etag, seconds);
  if (!waiting) throw new Error('There is nothing to wait for.');
  return waiting.state;
}

/** Everything that is ready to go on has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  void promise.finally(() => (isDone = true));
  await settled();
  return !isDone;
}

it('answers those who wait as soon as the service stops, and lets nobody in after that', async () => {
  const [one, other] = [enter(), enter(55)];
  expect(await isPending(one)).toBe(true);
  waits.beforeApplicationShutdown();
  expect(await Promise.all([one, other])).toEqual([null, null]);
  expect(waits.enter(QUESTION, known.etag, 30)).toBeNull();
  expect(jest.getTimerCount()).toBe(0);
});

it('needs one timer for all who wait for a document', async () => {
  live.layers = [...live.layers, aLayer({ effectiveFrom: Date.now() + 60_000, values: { n: 2 } })];
  known = await answers.get(QUESTION);
  const all = Array.from({ length: 2_000 }, (_, index) => enter(1 + (index % 55)));
  expect(jest.getTimerCount()).toBe(1);
  live.change([aLayer({ values: { n: 3 } })]);
  const texts = (await Promise.all(all)).map((answer) => answer?.text);
  expect(new Set(texts).size).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

it('answers when a window opens, and not before', async () => {
  live.layers = [...live.layers, aLayer({ effectiveFrom: Date.now() + 5_000, values: { n: 2 } })];
  known = await answers.get(QUESTION);
  const answer = enter();
  jest.advanceTimersByTime(4_999);
  expect(await isPending(answer)).toBe(true);
  jest.advanceTimersByTime(1);
  expect(JSON.parse((await answer)?.text ?? '')).toMatchObject({ values: { database: { n: 2 } } });
});

it('looks at the change that came between the answer and the waiting', async () => {
  live.layers = [aLayer({ values: { n: 2 } })];
  expect(await enter()).toMatchObject({ text: expect.stringContaining('"n":2') });
});

it('loads a changed document once, and looks again at what changed meanwhile', async () => {
  const all = [enter(), enter(), enter()];
  live.isInMemory = false;
  live.change(live.layers);
  live.change([aLayer({ values: { n: 2 } })]);
  await Promise.all(all);
  expect(live.loads).toBeLessThanOrEqual(2);
});

it('tries again while the database is away', async () => {
  const answer = enter();
  live.isInMemory = false;
  live.isAway = true;
  live.change([aLayer({ values: { n: 2 } })]);
  expect(await isPending(answer)).toBe(true);
  live.isAway = false;
  jest.advanceTimersByTime(1_000);
  expect(await answer).toMatchObject({ text: expect.stringContaining('"n":2') });
});

it('says so when nothing is configured any more', async () => {
  const answer = enter();
  live.change([]);
  await expect(answer).rejects.toThrow(ServiceNotConfigured);
});
