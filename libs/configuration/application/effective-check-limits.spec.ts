import { aState, CheckedSaves, refusalOf, SMALL } from '../testing/checked-saves.js';
import { CHECKS_AT_ONCE } from './effective-check.js';
import { AFFECTED_MAX } from './layer-change.js';

const MANY = 130;

/** A layer of each of many environments. */
const environments = Array.from({ length: MANY }, (_, index) =>
  aState({ environment: `e${index}`, values: { index } }),
);

describe('a save that many documents depend on', () => {
  it('tells some of those that are otherwise, and one more, so that one knows of the others', async () => {
    const saves = new CheckedSaves();
    saves.stored(...environments);
    expect(await saves.created(aState({ values: { size: 1 } }))).toHaveLength(AFFECTED_MAX + 1);
  });

  it('is held against schemas a few documents at a time, all of them', async () => {
    const saves = new CheckedSaves();
    saves.stored(...environments);
    const asked: number[] = [];
    const check = saves.schemas.check;
    saves.schemas.check = (tenant, checks) => {
      asked.push(checks.length);
      return check(tenant, checks);
    };
    await saves.created(aState({ schemaId: SMALL, values: { size: 1 } }));
    expect(Math.max(...asked)).toBe(CHECKS_AT_ONCE);
    const checked = new Set(saves.schemas.checks.map(({ document }) => document['index']));
    expect([saves.schemas.checks.length, checked.size]).toEqual([MANY + 1, MANY + 1]);
  });

  it('lets others go on meanwhile', async () => {
    const saves = new CheckedSaves();
    saves.stored(...environments);
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 30));
    let isOver = false;
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await saves.created(aState({ values: { size: 1 } }));
    isOver = true;
    clock.mockRestore();
    expect(turns).toBeGreaterThan(MANY / 2);
  });

  it('is refused for the last of them as for the first', async () => {
    const saves = new CheckedSaves();
    saves.stored(...environments, aState({ environment: 'zz', values: { size: 101 } }));
    const refusal = await refusalOf(saves.created(aState({ schemaId: SMALL })));
    expect(refusal.facts).toMatchObject({ places: [{ environment: 'zz', pointer: '/size' }] });
  });
});
