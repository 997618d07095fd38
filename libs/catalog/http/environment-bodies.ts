import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { changedLabels, checkBody, expectNone, Reading, readLabels, reasonOf } from '#platform/http';
import type { AskedChange, Manner } from '#platform/http';
import { CompanyOf } from '../application/company-of.js';
import type { NewEnvironment, ReviseEnvironment } from '../application/environment.service.js';
import type { EnvironmentRevision } from '../domain/environment.js';
import { environmentId, slug } from '../domain/identity.js';
import type { TeamId } from '../domain/identity.js';
import { CreateEnvironmentBody, ReviseEnvironmentBody } from './environment.dto.js';

/** From bodies of environments to what the service takes; everything that is wrong is told together. */
@Injectable()
export class EnvironmentBodies {
  constructor(private readonly companies: CompanyOf) {}

  /** @throws InvalidInput, CatalogReferenceUnknown, TenantForbidden */
  async toNew(sent: unknown): Promise<NewEnvironment> {
    const { body, raw, violations } = await checkBody(CreateEnvironmentBody, sent);
    const reading = new Reading();
    const labels = readLabels(raw['labels'], reading);
    expectNone([...violations, ...reading.violations]);
    const home = await this.companies.ofOrNone({ companyId: body.company_id, tenant: body.tenant_id });
    return {
      ...home,
      id: environmentId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      key: slug(body.key, '/key'),
      content: { ...contentOf(body), labels },
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the environment is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<ReviseEnvironment>> {
    const checked = await checkBody(ReviseEnvironmentBody, sent);
    const { body, raw, violations } = checked;
    const asked: ReviseEnvironment = (current): EnvironmentRevision => {
      const reading = new Reading();
      const labels =
        raw['labels'] === undefined
          ? current.labels
          : changedLabels(current.labels, raw['labels'], manner, reading);
      expectNone([...violations, ...reading.violations]);
      return { ...contentOf(body), labels };
    };
    return { asked, reason: reasonOf(checked) };
  }
}

/** Absent stays absent. */
const contentOf = ({ name, tier, owner_team_id: owner }: ReviseEnvironmentBody): EnvironmentRevision => ({
  ...(name !== undefined && { name }),
  ...(tier !== undefined && { tier }),
  ...(owner !== undefined && { ownerTeamId: (owner?.toLowerCase() ?? null) as TeamId | null }),
});
