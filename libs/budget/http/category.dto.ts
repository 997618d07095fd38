import {
  AnyOf,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  Uuid,
  YesNo,
} from '#platform/http';
import { NAME_LENGTH_MAX } from '../domain/names.js';

const NAME = {
  min: 1,
  max: NAME_LENGTH_MAX,
  description:
    'One line; white space at its ends is left out. Of its own, whatever the case, among those right below the same parent.',
  example: 'Groceries',
} as const;
const PARENT = {
  nullable: true,
  description: 'The category right above: of the same tenant, or a shared one. Null: none.',
} as const;

export class CreateCategoryBody {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text(NAME)
  readonly name!: string;

  @Uuid({ optional: true, ...PARENT })
  readonly parent_id?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class ReviseCategoryBody {
  @Text({ optional: true, ...NAME })
  readonly name?: string;

  @Uuid({ optional: true, ...PARENT })
  readonly parent_id?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CategoryListQuery extends ListQuery {
  @AnyOf({ description: 'Right below any of these.' })
  readonly parent_id?: readonly string[];

  @YesNo({ optional: true, description: 'True: only those below no other; false: only those below one.' })
  readonly root?: boolean;

  @AnyOf({ description: 'Called so, whatever the case and the white space.' })
  readonly name?: readonly string[];

  @Text({ optional: true, min: 1, max: 255, description: 'Anywhere in the name, whatever the case.' })
  readonly q?: string;
}

export class CategoryResponse extends ResourceResponse {
  @Text(NAME)
  readonly name!: string;

  @Uuid(PARENT)
  readonly parent_id!: string | null;
}

export class CategoryListResponse extends listResponse(() => CategoryResponse) {}
