import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CallContext, writeTenant } from '#platform/context';
import { changedLabels, checkBody, expectNone, readLabels, Reading, reasonOf } from '#platform/http';
import type { AskedChange, Manner } from '#platform/http';
import type { NewPayee, RevisePayee } from '../application/payee.service.js';
import { payeeId } from '../domain/identity.js';
import type { PayeeRevision } from '../domain/payee.js';
import { CreatePayeeBody, RevisePayeeBody } from './payee.dto.js';

/** From bodies of payees to what the service takes; everything that is wrong is told together. */
@Injectable()
export class PayeeBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewPayee> {
    const { body, raw, violations } = await checkBody(CreatePayeeBody, sent);
    const reading = new Reading();
    const labels = readLabels(raw['labels'], reading);
    expectNone([...violations, ...reading.violations]);
    const { id, tenant_id: tenant, name, email = null, phone = null, change_reason: reason = null } = body;
    return {
      id: payeeId(id ?? uuidv7()),
      idIsGiven: id !== undefined,
      tenant: writeTenant(this.context.current.caller, tenant),
      content: { name, email, phone, labels },
      reason,
    };
  }

  /** A body that cannot be read is told once the payee is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<RevisePayee>> {
    const checked = await checkBody(RevisePayeeBody, sent);
    const { body, raw, violations } = checked;
    const asked: RevisePayee = (current): PayeeRevision => {
      const reading = new Reading();
      const { labels: sentLabels } = raw;
      const labels =
        sentLabels === undefined
          ? current.labels
          : changedLabels(current.labels, sentLabels, manner, reading);
      expectNone([...violations, ...reading.violations]);
      return {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.email !== undefined && { email: body.email }),
        ...(body.phone !== undefined && { phone: body.phone }),
        labels,
      };
    };
    return { asked, reason: reasonOf(checked) };
  }
}
