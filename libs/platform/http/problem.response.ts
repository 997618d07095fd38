import { ListOf, Text, Whole } from './fields.js';

/** One rule that the input breaks, and where. */
export class ViolationResponse {
  @Text({
    description: 'JSON Pointer (RFC 6901) to the place; for a query parameter or header its name.',
    example: '/tags/3',
  })
  readonly pointer!: string;

  @Text({ description: 'Stable.', example: 'too_long' })
  readonly code!: string;

  @Text({ example: 'It must have at most 100 characters.' })
  readonly detail!: string;

  @Whole({ optional: true, min: 1, description: 'Of a body of lines: which one.', example: 3 })
  readonly line?: number;
}

/** A refusal (RFC 9457). */
export class ProblemResponse {
  @Text({ example: 'urn:metastore:problem:invalid_input' })
  readonly type!: string;

  @Text({ example: 'Bad Request' })
  readonly title!: string;

  @Whole({ min: 400, max: 599, example: 400 })
  readonly status!: number;

  @Text({ optional: true })
  readonly detail?: string;

  @Text({ description: 'Stable; each has a page in the documentation.', example: 'invalid_input' })
  readonly code!: string;

  @Text({ description: 'Names this request in the logs.', optional: true })
  readonly request_id?: string;

  @ListOf(() => ViolationResponse, { optional: true, description: 'All that is wrong with the input.' })
  readonly errors?: ViolationResponse[];
}
