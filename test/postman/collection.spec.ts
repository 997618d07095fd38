import { BY_HAND, collectionOf, notCalled } from '../../postman/collection.js';
import type { Scenario } from '../../postman/collection.js';
import { operationsOf } from '../../postman/openapi.js';
import { NOTES } from './document.js';

const SCENARIO: Scenario = {
  ...{ steps: {}, tagsFirst: [], thingsFirst: [], values: {}, pathValues: {}, notCalled: {} },
};

interface Item {
  readonly name: string;
  readonly item?: Item[];
  readonly request: any;
  readonly event: any[];
}

const collection = async (scenario: Partial<Scenario> = {}): Promise<any> =>
  collectionOf(NOTES, { ...SCENARIO, ...scenario });
const flat = (items: readonly Item[]): Item[] =>
  items.flatMap((each) => (each.item ? flat(each.item) : [each]));
const names = (item: Item): string[] => flat([item]).map(({ name }) => name);
const folder = (root: any, name: string): Item => root.item.find((each: Item) => each.name === name);
const called = (root: any, name: string): Item => flat(root.item).find((each) => each.name === name)!;
const testOf = (item: Item): string => item.event[0].script.exec.join('\n');

describe('a collection', () => {
  it('makes, reads and changes before it cleans up, whatever the order of the document', async () => {
    const made = await collection();
    expect(made.item.map(({ name }: Item) => name)).toEqual(['Notes', 'Refusals', 'Clean up', BY_HAND]);
    expect(names(folder(made, 'Notes'))).toEqual([
      'Create a note',
      'List notes',
      'Get a note',
      'Change a note',
    ]);
    expect(names(folder(made, 'Clean up'))).toEqual(['Delete a note']);
  });

  it('leaves streams to people, and says why', async () => {
    expect(names(folder(await collection(), BY_HAND))).toEqual(['Follow notes']);
    expect([...notCalled(operationsOf(NOTES), SCENARIO).keys()]).toEqual(['streamNotes']);
  });

  it('names in later requests what earlier ones made', async () => {
    const made = await collection();
    const { url, header } = called(made, 'Change a note').request;
    expect(url.variable).toMatchObject([{ key: 'id', value: '{{noteId}}' }]);
    expect(header).toContainEqual(expect.objectContaining({ key: 'If-Match', value: '{{noteETag}}' }));
    expect(testOf(called(made, 'Create a note'))).toContain(
      `pm.collectionVariables.set('note' + name, made[member])`,
    );
  });

  it('sends what the document requires and gives as an example, under a name of the run', async () => {
    const made = await collection();
    expect(JSON.parse(called(made, 'Create a note').request.body.raw)).toEqual({ name: 'shopping-{{run}}' });
    expect(JSON.parse(called(made, 'Change a note').request.body.raw)).toEqual({
      description: 'Changed by PUT {{run}}',
    });
    expect(called(made, 'List notes').request.url.query).toMatchObject([
      { key: 'q', value: 'tea', disabled: true },
    ]);
  });

  it('expects of each request the one status with which it succeeds', async () => {
    const made = await collection();
    const expected = ['Create a note', 'Get a note', 'Delete a note'].map(
      (name) => /answers (\d+)/.exec(testOf(called(made, name)))?.[1],
    );
    expect(expected).toEqual(['201', '200', '204']);
    expect(testOf(called(made, 'Create a note'))).toContain('has Location');
  });

  it('has what has to be refused', async () => {
    expect(names(folder(await collection(), 'Refusals'))).toEqual([
      'Create a note: a property that there is not',
      'Change a note: of a version that never was',
      'Get a note: one that nobody has',
    ]);
  });

  it('skips without a receiver what only somebody who was told can answer', async () => {
    const made = await collection({ steps: { getNote: { needsReceiver: true } } });
    const scripts = (name: string): string[] => called(made, name).event.map(({ listen }) => listen);
    expect(scripts('Get a note')).toEqual(['test', 'prerequest']);
    expect(scripts('List notes')).toEqual(['test']);
    expect(made.variable).toContainEqual(expect.objectContaining({ key: 'receiverUrl' }));
  });

  it('is the same text each time, and leaves the document as it was', async () => {
    const before = JSON.stringify(NOTES);
    const text = JSON.stringify(await collection());
    expect(JSON.stringify(await collection())).toBe(text);
    expect(JSON.stringify(NOTES)).toBe(before);
    expect(text).not.toMatch(/"(?:id|_postman_id)":"[0-9a-f]{8}-/);
  });

  it('is not written where the scenario does not fit the document', async () => {
    await expect(collection({ steps: { paintNote: {} } })).rejects.toThrow('no operation paintNote');
    await expect(collection({ steps: { getNote: { status: 202 } } })).rejects.toThrow(
      'does not name the status 202',
    );
  });

  it('calls an operation as often as there are steps, each with variables of its own', async () => {
    const steps = { createNote: [{}, { name: 'Create another', as: 'other', body: { description: 'x' } }] };
    const made = await collection({ steps });
    expect(names(folder(made, 'Notes')).slice(0, 2)).toEqual(['Create a note', 'Create another']);
    expect(testOf(called(made, 'Create another'))).toContain(`pm.collectionVariables.set('other' + name`);
    expect(JSON.parse(called(made, 'Create another').request.body.raw)).toMatchObject({ description: 'x' });
  });
});
