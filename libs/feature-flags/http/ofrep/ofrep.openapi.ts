type Node = Readonly<Record<string, unknown>>;

const TEXT: Node = { type: 'string' };
const KEY: Node = { type: 'string', examples: ['new-checkout-flow'] };
const SCALARS: Node = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};

const QUESTION: Node = {
  type: 'object',
  properties: {
    context: {
      type: 'object',
      description:
        'Who asks: `targetingKey` and any other attributes. `environment` and `tenant_id` say for where and whom; a credential that is bound to a tenant asks for its own.',
      additionalProperties: true,
      examples: [{ targetingKey: 'user-123', country: 'US', environment: 'production' }],
    },
  },
};

const SUCCESS: Node = {
  type: 'object',
  required: ['key', 'reason', 'metadata'],
  properties: {
    key: KEY,
    reason: {
      type: 'string',
      enum: ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED'],
      examples: ['TARGETING_MATCH'],
    },
    value: { description: 'Absent: the default in the caller’s code applies.' },
    variant: TEXT,
    metadata: {
      ...SCALARS,
      description:
        '`version` of the flag; `rule_id`, `expired` and `prerequisite_failed` where there is one.',
      examples: [{ version: 7 }],
    },
  },
};

const failure = (codes: readonly string[]): Node => ({
  type: 'object',
  required: ['errorCode', 'errorDetails'],
  properties: { key: KEY, errorCode: { type: 'string', enum: codes }, errorDetails: TEXT },
});

const CODES = ['PARSE_ERROR', 'TARGETING_KEY_MISSING', 'INVALID_CONTEXT', 'GENERAL'];
const ETAG: Node = {
  description: 'Stands for the flags, the caller, the context and the stretch of time.',
  schema: { type: 'string' },
};

const json = (schema: Node): Node => ({ 'application/json': { schema } });
const refusal = (description: string, ...codes: string[]): Node => ({
  description,
  content: json(failure(codes)),
});

const BODY: Node = { required: false, content: json(QUESTION) };
const REFUSALS = {
  400: refusal('The body, the context or the flag does not allow an answer.', ...CODES),
  401: refusal('A credential is needed.', 'GENERAL'),
  403: refusal('The credential does not reach this.', 'GENERAL'),
};
const LATE_REFUSALS = {
  500: refusal('The service failed.', 'GENERAL'),
};

/** The place of the single evaluation in the document. */
export const EVALUATE_FLAG: Node = {
  operationId: 'evaluateFlagOfrep',
  summary: 'Evaluate a flag for an OpenFeature provider',
  description:
    'OpenFeature Remote Evaluation Protocol 0.3; also below `/api/v1`. Refusals are in the words of the protocol, not problems.',
  tags: ['Feature flags'],
  parameters: [
    { name: 'key', in: 'path', required: true, description: 'The name of the flag.', schema: TEXT },
  ],
  requestBody: BODY,
  responses: {
    200: { description: 'What the flag is to this caller.', content: json(SUCCESS) },
    ...REFUSALS,
    404: refusal('There is no such flag for this caller.', 'FLAG_NOT_FOUND'),
    ...LATE_REFUSALS,
  },
};

/** The place of the bulk evaluation in the document. */
export const EVALUATE_FLAGS: Node = {
  operationId: 'evaluateFlagsOfrep',
  summary: 'Evaluate all flags for an OpenFeature provider',
  description:
    'OpenFeature Remote Evaluation Protocol 0.3; also below `/api/v1`. `eventStreams` says where to hear when to ask again: a stream of server-sent events, opened by its URL alone.',
  tags: ['Feature flags'],
  parameters: [
    {
      name: 'If-None-Match',
      in: 'header',
      required: false,
      description: 'The ETag of what the caller has.',
      schema: TEXT,
    },
    ...['flagConfigEtag', 'flagConfigLastModified'].map((name) => ({
      name,
      in: 'query',
      required: false,
      description: 'What the event told that made the caller ask; changes nothing here.',
      schema: TEXT,
    })),
  ],
  requestBody: BODY,
  responses: {
    200: {
      description: 'What each flag is to this caller, disabled ones too.',
      headers: { ETag: ETAG },
      content: json({
        type: 'object',
        required: ['flags', 'metadata', 'eventStreams'],
        properties: {
          flags: { type: 'array', items: { anyOf: [SUCCESS, failure(CODES)] } },
          metadata: SCALARS,
          eventStreams: {
            type: 'array',
            items: {
              type: 'object',
              required: ['type', 'endpoint'],
              properties: {
                type: { type: 'string', enum: ['sse'] },
                endpoint: { type: 'object', required: ['requestUri'], properties: { requestUri: TEXT } },
              },
            },
          },
        },
      }),
    },
    304: { description: 'What the caller has is the present state.', headers: { ETag: ETAG } },
    ...REFUSALS,
    ...LATE_REFUSALS,
  },
};
