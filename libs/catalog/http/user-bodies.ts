import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Violation } from '#shared-kernel';
import { changedLabels, checkBody, expectNone, Reading, readLabels, reasonOf } from '#platform/http';
import type { AskedChange, Manner } from '#platform/http';
import type { NewUser, ReviseUser } from '../application/user.service.js';
import { NAME_LENGTH_MAX } from '../domain/company.js';
import { userId } from '../domain/identity.js';
import type { UserRevision } from '../domain/user.js';
import { EMAIL_LENGTH_MAX, isEmail } from '../domain/user-email.js';
import { CreateUserBody, ReviseUserBody } from './user.dto.js';

type Members = Readonly<Record<string, unknown>>;

/** From bodies of users to what the service takes; everything that is wrong is told together. */
@Injectable()
export class UserBodies {
  /** @throws InvalidInput */
  async toNew(sent: unknown): Promise<NewUser> {
    const { body, raw, violations } = await checkBody(CreateUserBody, sent);
    const reading = new Reading();
    const labels = readLabels(raw['labels'], reading);
    expectNone([...violations, ...reading.violations, ...wordsAmiss(raw)]);
    return {
      id: userId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      home: { companyId: body.company_id, tenant: body.tenant_id },
      content: { name: body.name, email: body.email, active: body.active ?? true, labels },
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the user is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<ReviseUser>> {
    const checked = await checkBody(ReviseUserBody, sent);
    const { body, raw, violations } = checked;
    const asked: ReviseUser = ({ companyId, labels }): UserRevision => {
      const reading = new Reading();
      const sentLabels = raw['labels'];
      const next = sentLabels === undefined ? labels : changedLabels(labels, sentLabels, manner, reading);
      const own = [...reading.violations, ...wordsAmiss(raw), ...companyAmiss(raw, companyId)];
      expectNone([...violations, ...own]);
      return {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.email !== undefined && { email: body.email }),
        ...(body.active !== undefined && { active: body.active }),
        labels: next,
      };
    };
    return { asked, reason: reasonOf(checked) };
  }
}

/** What no decorator tells of a name and an address. */
export function wordsAmiss({ name, email }: Members): Violation[] {
  const isBlank = typeof name === 'string' && name !== '' && name.trim() === '';
  const isNoAddress =
    typeof email === 'string' && email !== '' && email.length <= EMAIL_LENGTH_MAX && !isEmail(email);
  return [
    ...(isBlank
      ? [{ pointer: '/name', code: 'length', detail: `A name has 1 to ${NAME_LENGTH_MAX} characters.` }]
      : []),
    ...(isNoAddress
      ? [{ pointer: '/email', code: 'email', detail: 'It is an address, for example ada@example.com.' }]
      : []),
  ];
}

/** The company may be named again, as long as it is the same. */
export function companyAmiss({ company_id }: Members, is: string): Violation[] {
  if (typeof company_id !== 'string' || company_id.toLowerCase() === is) return [];
  return [{ pointer: '/company_id', code: 'fixed', detail: 'It stays what it was at creation.' }];
}
