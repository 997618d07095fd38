import { PORTION_CHARACTERS_MAX, portionAt } from './document-portions.js';

const sized = (length: number) => ({ text: 'x'.repeat(length), secretsAt: [] });
const HALF = PORTION_CHARACTERS_MAX / 2;

describe('a portion of documents', () => {
  it('is as many as fit into a job', () => {
    const documents = [sized(HALF), sized(HALF), sized(1), sized(1)];
    expect(portionAt(documents, 0)).toEqual(documents.slice(0, 2));
    expect(portionAt(documents, 1)).toEqual(documents.slice(1));
  });

  it('is never nothing, however large one is', () => {
    const documents = [sized(1), sized(PORTION_CHARACTERS_MAX + 1), sized(1)];
    expect(portionAt(documents, 0)).toEqual(documents.slice(0, 1));
    expect(portionAt(documents, 1)).toEqual(documents.slice(1, 2));
  });
});
