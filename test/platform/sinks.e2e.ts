import { randomUUID } from 'node:crypto';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { SinkLost, Sinks } from '#platform/sinks';
import type { HeldSink, SinkDeclaration } from '#platform/sinks';
import { eventually, TestApi } from '../api.js';
import { aTenant, ENTRIES } from '../metadata/entries.js';

const KIND = 'trial';

/** What one replica was told about sinks of a kind that tests look at. */
class Trial {
  readonly kind = KIND;
  readonly held = new Map<string, HeldSink>();
  readonly begun: string[] = [];
  readonly woken: (readonly [string, readonly string[] | null])[] = [];
  /** What the end of a run waits for. */
  ending: Promise<void> = Promise.resolve();

  begin(sink: HeldSink) {
    this.begun.push(sink.name);
    this.held.set(sink.name, sink);
    return {
      wake: (streams: readonly string[] | null) => this.woken.push([sink.name, streams]),
      stop: async () => {
        await this.ending;
        this.held.delete(sink.name);
      },
    };
  }
}

const asSystem = <T>(api: TestApi, work: () => Promise<T>): Promise<T> =>
  api.part(CallContext).runAsSystem('test', () => api.part(Database).run(work));

const declare = (api: TestApi, sink: Partial<SinkDeclaration> = {}, from?: ReadonlyMap<string, number>) => {
  const declared = {
    name: `trial:${randomUUID()}`,
    kind: KIND,
    tenant: null,
    streams: 'all' as const,
    ...sink,
  };
  return asSystem(api, () => api.part(Sinks).declare(declared, from)).then(() => declared.name);
};

const withdraw = (api: TestApi, name: string) => asSystem(api, () => api.part(Sinks).withdraw(name));

const until = (isTrue: () => boolean): Promise<unknown> =>
  eventually(
    async () => isTrue(),
    (is) => is,
  );

const write = async (api: TestApi, tenant: string): Promise<void> => {
  const { status } = await api.post(ENTRIES, { tenant_id: tenant, key: `k-${randomUUID()}`, value: 1 });
  expect(status).toBe(201);
};

describe('sinks on two replicas', () => {
  let here: TestApi;
  let there: TestApi;
  const trials = { here: new Trial(), there: new Trial() };

  beforeAll(async () => {
    here = await TestApi.start();
    there = await TestApi.start({ beside: here });
    here.part(Sinks).register(trials.here);
    there.part(Sinks).register(trials.there);
  });

  afterAll(async () => {
    await there.stop();
    await here.stop();
  });

  const holders = (name: string): number =>
    [trials.here, trials.there].filter(({ held }) => held.get(name)?.isHeld).length;
  const holding = (name: string): HeldSink | undefined =>
    trials.here.held.get(name) ?? trials.there.held.get(name);

  it('are run by one replica each, and by all of them alike', async () => {
    const names = await Promise.all(Array.from({ length: 8 }, () => declare(here)));
    await until(() => trials.here.held.size === 4 && trials.there.held.size === 4);
    expect(names.map(holders)).toEqual(names.map(() => 1));
    for (const name of names) await withdraw(here, name);
    await until(() => trials.here.held.size + trials.there.held.size === 0);
  });

  it('are told of their streams, whichever replica writes', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    const name = await declare(here, { streams: [mine] });
    await until(() => holders(name) === 1);
    const wakes = () => [...trials.here.woken, ...trials.there.woken].filter(([woken]) => woken === name);
    await write(here, other);
    await write(there, mine);
    await write(here, mine);
    await until(() => wakes().length >= 2);
    expect(wakes().flatMap(([, streams]) => streams)).toEqual([mine, mine]);
    await withdraw(here, name);
  });

  it('begin at the present head, or where it is said, and never go back', async () => {
    const [tenant, given] = [aTenant(), aTenant()];
    for (const each of [tenant, given]) for (let time = 0; time < 3; time += 1) await write(here, each);
    const name = await declare(here, { streams: [tenant, given] }, new Map([[given, 1]]));
    await until(() => holders(name) === 1);
    const sink = holding(name)!;
    expect(await sink.checkpoints()).toEqual(new Map([[tenant, 3], [given, 1]])); // prettier-ignore
    await sink.advance(new Map([[given, 3]]));
    await sink.advance(new Map([[given, 2]]));
    expect(await sink.checkpoints()).toEqual(new Map([[tenant, 3], [given, 3]])); // prettier-ignore
    expect(await withdraw(there, name)).toEqual(new Map([[tenant, 3], [given, 3]])); // prettier-ignore
  });

  it('note nothing any more once they are no more, or are others', async () => {
    const tenant = aTenant();
    const name = await declare(here, { streams: [tenant] });
    await until(() => holders(name) === 1);
    const first = holding(name)!;
    await declare(here, { name, streams: [tenant, '_shared'] });
    await expect(first.advance(new Map([[tenant, 7]]))).rejects.toThrow(SinkLost);
    await until(() => holders(name) === 1 && holding(name) !== first);
    const second = holding(name)!;
    await second.advance(new Map([[tenant, 7]]));
    await withdraw(here, name);
    await expect(second.advance(new Map([[tenant, 8]]))).rejects.toThrow(SinkLost);
    await until(() => holders(name) === 0);
  });

  it('are declared with what else is written, or not at all', async () => {
    const name = `trial:${randomUUID()}`;
    const refused = asSystem(here, async () => {
      await here.part(Sinks).declare({ name, kind: KIND, tenant: null, streams: 'all' });
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    const other = await declare(here);
    await until(() => holders(other) === 1);
    expect([...trials.here.begun, ...trials.there.begun]).not.toContain(name);
    await withdraw(here, other);
  });
});
