import {
  AlwaysDescribed,
  Described,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  TextList,
  Uuid,
} from '#platform/http';
import { DESCRIPTION_LENGTH_MAX } from '../domain/profile.js';
import { CONDITIONS } from './rule.dto.js';

const NAME = /^[a-z][a-z0-9_-]*$/;
const NAME_MAX = 255;
const INCLUDE = 'Bucketing keys that are in, whatever the conditions say.';
const EXCLUDE = 'Bucketing keys that are out, whatever else is said.';
const KEYS = { type: 'array', items: { type: 'string' }, example: ['user-1'] } as const;
const SEGMENT_CONDITIONS = { ...CONDITIONS, description: 'All of them have to hold. None: nobody else.' };

/** What may be said of a segment besides its name. */
abstract class SegmentProperties {
  @Text({ optional: true, nullable: true, max: DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @Described({ ...KEYS, description: INCLUDE })
  readonly include?: readonly string[];

  @Described({ ...KEYS, description: EXCLUDE })
  readonly exclude?: readonly string[];

  @Described(SEGMENT_CONDITIONS)
  readonly conditions?: readonly object[];

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateSegmentBody extends SegmentProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text({ min: 1, max: NAME_MAX, pattern: NAME, example: 'beta-testers' })
  readonly name!: string;
}

export class ReviseSegmentBody extends SegmentProperties {
  @Text({
    optional: true,
    min: 1,
    max: NAME_MAX,
    pattern: NAME,
    description: 'Renames the segment, as long as nothing refers to it.',
  })
  readonly name?: string;
}

export class SegmentListQuery extends ListQuery {
  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in name or description, whatever the case.',
  })
  readonly q?: string;
}

export class SegmentResponse extends ResourceResponse {
  @Text({ example: 'beta-testers' })
  readonly name!: string;

  @Text({ nullable: true })
  readonly description!: string | null;

  @TextList({ maxItems: 10_000, description: INCLUDE })
  readonly include!: readonly string[];

  @TextList({ maxItems: 10_000, description: EXCLUDE })
  readonly exclude!: readonly string[];

  @AlwaysDescribed(SEGMENT_CONDITIONS)
  readonly conditions!: readonly object[];
}

export class SegmentListResponse extends listResponse(() => SegmentResponse) {}
