import { Injectable } from '@nestjs/common';
import { sameJson } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { CatalogReferences } from '#catalog';
import { AttributesInvalid, DeviceTypeUnknown } from '../domain/device-errors.js';
import type { DeviceContent, DeviceState } from '../domain/device.js';
import type { JsonObject } from '../domain/documents.js';
import { DeviceSchemas } from './device-schemas.js';
import { DeviceTypes } from './device-types.js';

/** Attributes that are to be of a device of a type. */
export interface AttributesOfType {
  readonly deviceType: string;
  readonly attributes: JsonObject;
}

/** What a device refers to is there, and its attributes are as its type wants them. */
@Injectable()
export class DeviceChecks {
  constructor(
    private readonly types: DeviceTypes,
    private readonly schemas: DeviceSchemas,
    private readonly references: CatalogReferences,
  ) {}

  /**
   * Looks at what the change brings anew: what is stored stays editable, whatever became of what it refers to.
   * @throws DeviceTypeUnknown, AttributesInvalid, CatalogReferenceUnknown
   */
  async expectSound(before: DeviceContent | null, after: DeviceState): Promise<void> {
    const { tenant, environment, ownerTeamId, deviceType, attributes } = after;
    const isTypeNew = before?.deviceType !== deviceType;
    if (isTypeNew || !sameJson(before?.attributes, attributes)) await this.#expectOfType(after);
    const isNew = (value: string | null, known: string | null | undefined): value is string =>
      value !== null && value !== known;
    const environments = isNew(environment, before?.environment)
      ? [{ value: environment, pointer: '/environment' }]
      : [];
    const teams = isNew(ownerTeamId, before?.ownerTeamId)
      ? [{ value: ownerTeamId, pointer: '/owner_team_id' }]
      : [];
    if (environments.length + teams.length > 0)
      await this.references.expectKnown(tenant, { environments, teams });
  }

  /** Checks many together, so that those that are stored one by one afterwards find the answer. */
  async prepare(tenant: string | null, all: readonly AttributesOfType[]): Promise<void> {
    if (all.length === 0) return;
    const rules = await this.types.find(
      tenant,
      all.map(({ deviceType }) => deviceType),
    );
    const questions = all.flatMap(({ deviceType, attributes }) => {
      const schema = rules.get(deviceType)?.attributesSchema ?? null;
      return schema === null ? [] : [{ schema, document: attributes }];
    });
    if (questions.length > 0) await this.schemas.check(tenant, questions);
  }

  async #expectOfType({ tenant, deviceType, attributes }: DeviceState): Promise<void> {
    const rules = (await this.types.find(tenant, [deviceType])).get(deviceType);
    if (!rules) throw new DeviceTypeUnknown(deviceType);
    const { attributesSchema: schema } = rules;
    if (schema === null) return;
    const [breaches = []] = await this.schemas.check(tenant, [{ schema, document: attributes }]);
    const violations = breaches.map(({ pointer, keyword: code, detail }): Violation => ({
      pointer: `/attributes${pointer}`,
      code,
      detail,
    }));
    if (violations.length > 0) throw new AttributesInvalid(violations);
  }
}
