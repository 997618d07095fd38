import { AlwaysDescribed, aPercentage, aValue, Described } from '#platform/http';

const NAME = { type: 'string', minLength: 1, maxLength: 255 } as const;
export const INSTANT = { type: 'string', format: 'date-time', example: '2026-05-01T10:00:00.000Z' } as const;

/** One of several values that callers inside of the rollout are split among. */
export class FlagVariant {
  @AlwaysDescribed({ ...NAME, example: 'blue' })
  readonly name!: string;

  @AlwaysDescribed(aValue('Of the type of the flag.', true))
  readonly value!: unknown;

  @AlwaysDescribed({
    type: 'number',
    minimum: 0,
    description: 'Its share of the sum of weights.',
    example: 50,
  })
  readonly weight!: number;
}

/** Another flag that has to serve a value first. */
export class FlagPrerequisite {
  @AlwaysDescribed({ ...NAME, example: 'new-checkout-flow' })
  readonly flag!: string;

  @AlwaysDescribed(aValue('The value that it has to serve.', true))
  readonly equals!: unknown;
}

/** What holds from an instant on. */
export class FlagScheduledSet {
  @Described({ type: 'boolean', example: true })
  readonly enabled?: boolean;

  @Described(aPercentage('In percent.'))
  readonly rollout_percentage?: number;
}

export class FlagScheduledStep {
  @AlwaysDescribed(INSTANT)
  readonly at!: string;

  @AlwaysDescribed({ type: () => FlagScheduledSet })
  readonly set!: FlagScheduledSet;
}

/** A rollout that grows or shrinks evenly. */
export class FlagRamp {
  @AlwaysDescribed(aPercentage('In percent, at the start.'))
  readonly from!: number;

  @AlwaysDescribed(aPercentage('In percent, at the end and after it.'))
  readonly to!: number;

  @AlwaysDescribed(INSTANT)
  readonly starts_at!: string;

  @AlwaysDescribed(INSTANT)
  readonly ends_at!: string;
}
