import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CallContext, writeTenant } from '#platform/context';
import { checkBody, expectNone, reasonOf } from '#platform/http';
import type { AskedChange } from '#platform/http';
import type { NewCategory, ReviseCategory } from '../application/category.service.js';
import { categoryId } from '../domain/identity.js';
import type { CategoryId } from '../domain/identity.js';
import { CreateCategoryBody, ReviseCategoryBody } from './category.dto.js';

/** From bodies of categories to what the service takes. */
@Injectable()
export class CategoryBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewCategory> {
    const { body, violations } = await checkBody(CreateCategoryBody, sent);
    expectNone(violations);
    return {
      id: categoryId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      content: { name: body.name, parentId: toParent(body.parent_id ?? null) },
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the category is there. */
  async toRevision(sent: unknown): Promise<AskedChange<ReviseCategory>> {
    const checked = await checkBody(ReviseCategoryBody, sent);
    const { body, violations } = checked;
    const asked: ReviseCategory = () => {
      expectNone(violations);
      return {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.parent_id !== undefined && { parentId: toParent(body.parent_id) }),
      };
    };
    return { asked, reason: reasonOf(checked) };
  }
}

const toParent = (id: string | null): CategoryId | null =>
  id === null ? null : categoryId(id, '/parent_id');
