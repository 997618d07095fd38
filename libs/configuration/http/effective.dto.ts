import { ApiExtraModels } from '@nestjs/swagger';
import { AlwaysDescribed, Described, Instant, ListOf, Nested, Text, Uuid, Whole } from '#platform/http';

/** Where a layer lies. */
export class LayerScope {
  @Text({ nullable: true, description: 'Null is shared by all tenants.' })
  readonly tenant_id!: string | null;

  @Text({ description: '`base` lies under every environment.', example: 'production' })
  readonly environment!: string;

  @Instant({ nullable: true, description: 'From when on it is effective; null is from ever.' })
  readonly effective_from!: string | null;

  @Instant({ nullable: true, description: 'From when on it is not any more; null is never.' })
  readonly effective_until!: string | null;
}

/** One configuration that takes part. */
export class EffectiveLayer {
  @Uuid()
  readonly configuration_id!: string;

  @Whole({ min: 1 })
  readonly version!: number;

  @Text({ example: 'database' })
  readonly name!: string;

  @Nested(() => LayerScope)
  readonly scope!: LayerScope;
}

/** Who says something. */
export class ExplainedLayer {
  @Uuid()
  readonly configuration_id!: string;

  @Whole({ min: 1 })
  readonly version!: number;

  @Nested(() => LayerScope)
  readonly layer!: LayerScope;

  @Text({ nullable: true, description: 'Who made it this version.' })
  readonly changed_by!: string | null;

  @Instant({ nullable: true })
  readonly changed_at!: string | null;

  @Text({ nullable: true, description: 'Why, in the words of who did.' })
  readonly change_reason!: string | null;
}

/** What a lower layer says of the same place. */
export class OverriddenValue extends ExplainedLayer {
  @AlwaysDescribed({ description: 'As it stands there; a secret as its reference.' })
  readonly value!: unknown;
}

/** Where a value comes from. */
export class ExplainedValue extends ExplainedLayer {
  @ListOf(() => OverriddenValue, {
    description: 'What it takes the place of, from the highest down.',
  })
  readonly overridden!: readonly OverriddenValue[];

  @Described({
    type: 'array',
    items: { type: 'string' },
    description:
      'Where the layer refers with `${config:…}`: JSON Pointers into `values` of what it takes over, in the order of the text.',
  })
  readonly from?: readonly string[];
}

/** What a service gets. */
@ApiExtraModels(ExplainedValue)
export class EffectiveResponse {
  @Text({ example: 'order-service' })
  readonly service_id!: string;

  @Text({ example: 'production' })
  readonly environment!: string;

  @Text({ nullable: true, example: null })
  readonly tenant_id!: string | null;

  @AlwaysDescribed({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: true },
    description:
      'The documents by name: layers merged, references put in. A secret is shown as `{"$secret_ref": {…}}`, or resolved where that was asked for.',
    example: { database: { host: 'db.example.com', port: 5432 } },
  })
  readonly values!: object;

  @Text({
    description:
      'Another one whenever anything in the answer is; of secrets their versions count. The `ETag`.',
  })
  readonly version_tag!: string;

  @Instant({ nullable: true, description: 'When time alone changes the documents next; null is never.' })
  readonly valid_until!: string | null;

  @ListOf(() => EffectiveLayer)
  readonly layers!: readonly EffectiveLayer[];

  @Described({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ExplainedValue' },
    description: 'With `explain=true`: by JSON Pointer into `values`, where each value comes from.',
  })
  readonly explain?: Readonly<Record<string, ExplainedValue>>;
}
