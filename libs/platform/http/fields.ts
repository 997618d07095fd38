import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { lengthOf } from '#shared-kernel';
import { madeOfParts } from './sheltered.js';

/** What every field may say. Absent and null are different: absent leaves, null clears. */
export interface FieldOptions {
  /** May be absent. */
  readonly optional?: boolean;
  /** May be null. */
  readonly nullable?: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

type Class<T = object> = new () => T;

/** A query string has nothing but text; in a body a number in quotes is a mistake. See `validationPipe`. */
export const FROM_QUERY = 'query';

interface TextOptions extends FieldOptions {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly default?: string;
}

const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;
const UUID =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|([0f])\1{7}(?:-\1{4}){3}-\1{12})$/i;

/** A string of `min` to `max` characters, counted as JSON Schema does: by code point. */
export function Text(options: TextOptions = {}): PropertyDecorator {
  const { min, max, pattern } = options;
  return field(
    options,
    { type: 'string', minLength: min, maxLength: max, pattern: pattern?.source, default: options.default },
    [
      IsString({ message: 'must be a string' }),
      ...(min === undefined
        ? []
        : [
            characters('minLength', (length) => length >= min, {
              message: `must have at least ${min} characters`,
            }),
          ]),
      ...(max === undefined
        ? []
        : [
            characters('maxLength', (length) => length <= max, {
              message: `must have at most ${max} characters`,
            }),
          ]),
      ...(pattern === undefined ? [] : [Matches(pattern, { message: `must match ${pattern.source}` })]),
    ],
  );
}

function characters(
  name: string,
  isRight: (length: number) => boolean,
  options: { message: string },
): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && isRight(lengthOf(value));
  return ValidateBy({ name, validator: { validate } }, options);
}

/** A UUID (RFC 9562, any version, nil and max too). */
export function Uuid(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { example: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10', ...options },
    { type: 'string', format: 'uuid' },
    [Matches(UUID, { message: 'must be a UUID' })],
  );
}

export const isUuid = (text: string): boolean => UUID.test(text);

/** An RFC 3339 instant; any offset is taken, UTC with milliseconds is given. */
export function Instant(options: FieldOptions = {}): PropertyDecorator {
  return field({ example: '2026-05-01T10:00:00.000Z', ...options }, { type: 'string', format: 'date-time' }, [
    Matches(INSTANT, { message: 'must be an RFC 3339 time, for example 2026-05-01T10:00:00.000Z' }),
  ]);
}

/** A whole number; from a query string it may come as text. */
export function Whole(
  options: FieldOptions & { min?: number; max?: number; default?: number } = {},
): PropertyDecorator {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  return field(
    options,
    { type: 'integer', minimum: options.min, maximum: options.max, default: options.default },
    [
      Transform(
        ({ value }: { value: unknown }) =>
          typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
        { groups: [FROM_QUERY] },
      ),
      IsInt({ message: 'must be a whole number' }),
      Min(min, { message: `must be at least ${min}` }),
      Max(max, { message: `must be at most ${max}` }),
    ],
  );
}

/** True or false; from a query string as the words. */
export function YesNo(options: FieldOptions & { default?: boolean } = {}): PropertyDecorator {
  const words: Readonly<Record<string, boolean>> = { true: true, false: false };
  return field(options, { type: 'boolean', default: options.default }, [
    Transform(
      ({ value }: { value: unknown }) => (typeof value === 'string' ? (words[value] ?? value) : value),
      { groups: [FROM_QUERY] },
    ),
    IsBoolean({ message: 'must be true or false' }),
  ]);
}

/** One of a few words. */
export function Choice(
  choices: readonly string[],
  options: FieldOptions & { default?: string } = {},
): PropertyDecorator {
  return field(options, { type: 'string', enum: [...choices], default: options.default }, [
    IsIn([...choices], { message: `must be one of ${choices.join(', ')}` }),
  ]);
}

/** Which items a check that looks at each of them lets pass, so that a mistake has the item's place. */
export interface ItemCheck {
  readonly isRight: (item: unknown) => boolean;
}

const IS_TEXT: ItemCheck = { isRight: (item) => typeof item === 'string' };
const IS_NO_LIST: ItemCheck = { isRight: (item) => !Array.isArray(item) };

/** A list of strings. */
export function TextList(options: FieldOptions & { maxItems: number; max?: number }): PropertyDecorator {
  return field(
    options,
    { type: 'array', items: { type: 'string', maxLength: options.max }, maxItems: options.maxItems },
    [
      IsArray({ message: 'must be a list' }),
      ArrayMaxSize(options.maxItems, { message: `must have at most ${options.maxItems} items` }),
      IsString({ each: true, context: IS_TEXT, message: 'must be a string' }),
    ],
  );
}

/** A query parameter that may be repeated or hold several values with commas: any of them. */
export function AnyOf(
  options: FieldOptions & { choices?: readonly string[]; format?: 'uuid' } = {},
): PropertyDecorator {
  const { choices, format } = options;
  return field(
    { optional: true, ...options },
    {
      type: 'array',
      items: { type: 'string', ...(choices && { enum: [...choices] }), ...(format && { format }) },
    },
    [
      Transform(({ value }: { value: unknown }) =>
        [value].flat().flatMap((part) => (typeof part === 'string' ? part.split(',') : part)),
      ),
      choices
        ? IsIn([...choices], { each: true, message: `must be of ${choices.join(', ')}` })
        : IsString({ each: true }),
      ...(format ? [Matches(UUID, { each: true, message: 'must be a UUID' })] : []),
    ],
  );
}

/** An object of its own shape. */
export function Nested(type: () => Class, options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: () => type() } as ApiPropertyOptions, [
    IsObject({ message: 'must be an object' }),
    ValidateNested({ message: 'must be an object' }),
    Type(type),
    madeOfParts,
  ]);
}

/** An object whose names are not known beforehand. */
export function FreeObject(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: 'object', additionalProperties: true } as ApiPropertyOptions, [
    IsObject({ message: 'must be an object' }),
  ]);
}

/** A list of objects of one shape. */
export function ListOf(
  type: () => Class,
  options: FieldOptions & { maxItems?: number } = {},
): PropertyDecorator {
  const { maxItems } = options;
  return field(options, { type: () => [type()], maxItems } as ApiPropertyOptions, [
    IsArray({ message: 'must be a list' }),
    ...(maxItems === undefined
      ? []
      : [ArrayMaxSize(maxItems, { message: `must have at most ${maxItems} items` })]),
    NoListInside,
    ValidateNested({ each: true, message: 'must be an object' }),
    Type(type),
    madeOfParts,
  ]);
}

/** class-validator looks into lists within a list as if their items were its own. */
const NoListInside = ValidateBy(
  {
    name: 'noListInside',
    validator: { validate: (value: unknown) => !Array.isArray(value) || value.every(IS_NO_LIST.isRight) },
  },
  { message: 'must be an object', context: IS_NO_LIST },
);

/** A list whose items are documented as one shape and checked later, each by itself. */
export function List(type: () => Class, options: FieldOptions & { maxItems: number }): PropertyDecorator {
  return field(options, { type: () => [type()], maxItems: options.maxItems } as ApiPropertyOptions, [
    IsArray({ message: 'must be a list' }),
    ArrayMaxSize(options.maxItems, { message: `must have at most ${options.maxItems} items` }),
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]),
  ]);
}

/** Any JSON value, handed over as it came: not copied, not looked into. */
export function AnyJson(options: FieldOptions = {}): PropertyDecorator {
  return field({ nullable: true, ...options }, { oneOf: ANY_JSON } as ApiPropertyOptions, [
    IsDefined({ message: 'must be there' }),
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]),
  ]);
}

const ANY_JSON = ['object', 'array', 'string', 'number', 'boolean'].map((type) =>
  type === 'array' ? { type, items: {} } : { type },
);

/** One decorator a field: what class-validator checks and what the OpenAPI document says, from the same words. */
function field(
  options: FieldOptions,
  schema: ApiPropertyOptions,
  checks: PropertyDecorator[],
): PropertyDecorator {
  const { optional = false, nullable = false, description, example } = options;
  const said = Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
  return applyDecorators(
    ApiProperty({
      ...said,
      required: !optional,
      ...(nullable && { nullable }),
      ...(description !== undefined && { description }),
      ...(example !== undefined && { example }),
    } as ApiPropertyOptions),
    ValidateIf((_: object, value: unknown) => {
      if (value === undefined) return !optional;
      return value !== null || !nullable;
    }),
    ...checks,
  );
}
