import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CallContext, writeTenant } from '#platform/context';
import { changedLabels, checkBody, expectNone, Reading, readLabels, reasonOf } from '#platform/http';
import type { AskedChange, Manner } from '#platform/http';
import type { NewCompany, ReviseCompany } from '../application/company.service.js';
import type { CompanyRevision } from '../domain/company.js';
import { companyId } from '../domain/identity.js';
import { CreateCompanyBody, ReviseCompanyBody } from './company.dto.js';

/** From bodies of companies to what the service takes; everything that is wrong is told together. */
@Injectable()
export class CompanyBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewCompany> {
    const { body, raw, violations } = await checkBody(CreateCompanyBody, sent);
    const reading = new Reading();
    const labels = readLabels(raw['labels'], reading);
    expectNone([...violations, ...reading.violations]);
    return {
      id: companyId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      content: { name: body.name, description: body.description ?? null, labels },
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the company is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<ReviseCompany>> {
    const checked = await checkBody(ReviseCompanyBody, sent);
    const { body, raw, violations } = checked;
    const asked: ReviseCompany = (current): CompanyRevision => {
      const reading = new Reading();
      const labels =
        raw['labels'] === undefined
          ? current.labels
          : changedLabels(current.labels, raw['labels'], manner, reading);
      expectNone([...violations, ...reading.violations]);
      return {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.description !== undefined && { description: body.description }),
        labels,
      };
    };
    return { asked, reason: reasonOf(checked) };
  }
}
