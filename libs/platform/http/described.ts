import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Allow } from 'class-validator';

/** How a field looks, in the words of the OpenAPI document. */
export interface Description {
  readonly description?: string;
  readonly example?: unknown;
  readonly nullable?: boolean;
  readonly [keyword: string]: unknown;
}

/** A field that the document describes and that is read, and judged, only together with what it belongs to. */
export const Described = (schema: Description): PropertyDecorator => field({ ...schema, required: false });

/** The same, for what is always there. */
export const AlwaysDescribed = (schema: Description): PropertyDecorator =>
  field({ ...schema, required: true });

function field(schema: Description): PropertyDecorator {
  return applyDecorators(
    ApiProperty(schema as ApiPropertyOptions),
    Allow(),
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]),
  );
}

const VALUES = [
  { type: 'boolean' },
  { type: 'string' },
  { type: 'number' },
  { type: 'object' },
  { type: 'array', items: {} },
];

/** Any JSON value but null. */
export const aValue = (description: string, example?: unknown): Description => ({
  oneOf: VALUES,
  description,
  ...(example !== undefined && { example }),
});

/** Any JSON value. */
export const aValueOrNull = (description: string, example?: unknown): Description => ({
  ...aValue(description, example),
  nullable: true,
});

export const aPercentage = (description: string): Description => ({
  type: 'number',
  minimum: 0,
  maximum: 100,
  multipleOf: 0.001,
  description,
  example: 25,
});
