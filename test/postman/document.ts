import type { Document } from '../../postman/openapi.js';

const NOTE = '#/components/schemas/Note';
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } } as const;
const ifMatch = { name: 'If-Match', in: 'header', schema: { type: 'string' } } as const;
const json = (schema: object): any => ({ 'application/json': { schema } });
const refused = { '400': {}, '404': {}, '412': {} };
const tags = ['Notes'];

/** One kind of resource, a stream, and the words that a converter asks for. */
export const NOTES: Document = {
  openapi: '3.1.0',
  info: { title: 'Notes', description: 'What is noted.', version: '1' },
  tags: [],
  paths: {
    '/notes': {
      get: {
        ...{ operationId: 'listNotes', tags, summary: 'List notes' },
        parameters: [{ name: 'q', in: 'query', schema: { type: 'string', examples: ['tea'] } }],
        responses: { '200': { description: '', content: json({ type: 'array', items: { $ref: NOTE } }) } },
      },
      post: {
        ...{ operationId: 'createNote', tags, summary: 'Create a note' },
        requestBody: { content: json({ $ref: NOTE }) },
        responses: {
          ...refused,
          '200': { description: '', content: json({ $ref: NOTE }) },
          '201': {
            ...{ description: '', content: json({ $ref: NOTE }) },
            headers: { ETag: { schema: { type: 'string' } }, Location: { schema: { type: 'string' } } },
          },
        },
      },
    },
    '/notes/stream': {
      get: {
        ...{ operationId: 'streamNotes', tags, summary: 'Follow notes' },
        responses: { '200': { description: '', content: { 'text/event-stream': {} } } },
      },
    },
    '/notes/{id}': {
      delete: {
        ...{ operationId: 'deleteNote', tags, summary: 'Delete a note', parameters: [id, ifMatch] },
        responses: { '204': { description: '' }, ...refused },
      },
      get: {
        ...{ operationId: 'getNote', tags, summary: 'Get a note', parameters: [id] },
        responses: { '200': { description: '', content: json({ $ref: NOTE }) }, ...refused },
      },
      put: {
        ...{ operationId: 'updateNote', tags, summary: 'Change a note', parameters: [id, ifMatch] },
        requestBody: { content: json({ type: 'object', properties: { description: { type: 'string' } } }) },
        responses: { '200': { description: '', content: json({ $ref: NOTE }) }, ...refused },
      },
    },
  },
  components: {
    schemas: {
      Note: {
        type: 'object',
        required: ['name'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          name: { type: 'string', examples: ['shopping'] },
          description: { type: ['string', 'null'] },
          value: { oneOf: [{ type: 'object' }, { type: 'string' }] },
        },
      },
    },
  },
} as unknown as Document;
