import { responseSchema } from '../../postman/response-schema.js';

const SCHEMAS = {
  Tree: {
    type: 'object',
    description: 'A node.',
    properties: {
      description: { type: 'string' },
      left: { $ref: '#/components/schemas/Tree', description: 'x' },
    },
  },
  Free: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true },
};
const reference = { $ref: '#/definitions/Tree' };

describe('the schema of an answer', () => {
  it('brings all that it refers to, and itself', () => {
    expect(responseSchema({ type: 'array', items: { $ref: '#/components/schemas/Tree' } }, SCHEMAS)).toEqual({
      type: 'array',
      items: reference,
      definitions: {
        Tree: {
          type: 'object',
          properties: { description: { type: 'string' }, left: reference },
          additionalProperties: false,
        },
      },
    });
  });

  it('refuses properties that the document does not name, unless it says that there may be others', () => {
    expect(responseSchema(SCHEMAS.Free, SCHEMAS)).toEqual(SCHEMAS.Free);
    const part = { allOf: [{ type: 'object' }], properties: { a: { type: 'string' } } };
    expect(responseSchema(part, {})).toEqual(part);
  });

  it('keeps what stands beside a reference, which draft-07 would pass over', () => {
    const schema = { $ref: '#/components/schemas/Tree', maxProperties: 1 };
    expect(responseSchema(schema, SCHEMAS)).toMatchObject({ allOf: [reference, { maxProperties: 1 }] });
  });

  it('is not made where draft-07 would leave something unchecked', () => {
    expect(() => responseSchema({ items: { prefixItems: [] } }, {})).toThrow('prefixItems');
  });
});
