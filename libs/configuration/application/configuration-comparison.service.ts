import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { EnvironmentName, ServiceId } from '../domain/identity.js';
import type { JsonObject } from '../domain/json.js';
import { EffectiveQueries } from './effective.queries.js';

/** Which two environments of a service, and for whom. */
export interface ComparisonQuestion {
  readonly service: ServiceId;
  readonly tenant: string | null;
  readonly left: EnvironmentName;
  readonly right: EnvironmentName;
}

/** One document as it is effective on either side now; null where there is none. Secrets are references. */
export interface ComparedDocument {
  readonly name: string;
  readonly left: JsonObject | null;
  readonly right: JsonObject | null;
}

/** Holds what is effective in one environment against what is in another. */
@Injectable()
export class ConfigurationComparison {
  constructor(
    private readonly effective: EffectiveQueries,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Every document that there is on either side, by name. @throws ServiceNotConfigured */
  compare({ service, tenant, left, right }: ComparisonQuestion): Promise<readonly ComparedDocument[]> {
    return this.unitOfWork.run(async () => {
      const inEnvironment = async (environment: EnvironmentName): Promise<Documents> => {
        const question = { service, environment, tenant, name: null, at: null };
        return (await this.effective.effective(question)).documents.values;
      };
      const sides: Sides = { left: await inEnvironment(left), right: await inEnvironment(right) };
      const names = new Set([...Object.keys(sides.left), ...Object.keys(sides.right)]);
      return [...names].sort().map((name) => ({
        name,
        left: documentOf(sides.left, name),
        right: documentOf(sides.right, name),
      }));
    });
  }
}

type Documents = Readonly<Record<string, JsonObject>>;

interface Sides {
  readonly left: Documents;
  readonly right: Documents;
}

/** `constructor` is a name like any other. */
const documentOf = (documents: Documents, name: string): JsonObject | null =>
  Object.hasOwn(documents, name) ? (documents[name] ?? null) : null;
