import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable ids of this context: UUIDs (RFC 9562, any version), in lower case. */
export type PayeeId = Brand<string, 'PayeeId'>;
export type CategoryId = Brand<string, 'CategoryId'>;
export type ItemId = Brand<string, 'ItemId'>;
export type BudgetId = Brand<string, 'BudgetId'>;
export type ImportId = Brand<string, 'ImportId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @throws InvalidInput */
export const payeeId = (text: string, pointer?: string): PayeeId => checkedId(text, pointer) as PayeeId;
/** @throws InvalidInput */
export const categoryId = (text: string, pointer?: string): CategoryId =>
  checkedId(text, pointer) as CategoryId;
/** @throws InvalidInput */
export const itemId = (text: string, pointer?: string): ItemId => checkedId(text, pointer) as ItemId;
/** @throws InvalidInput */
export const budgetId = (text: string, pointer?: string): BudgetId => checkedId(text, pointer) as BudgetId;
/** @throws InvalidInput */
export const importId = (text: string, pointer?: string): ImportId => checkedId(text, pointer) as ImportId;

function checkedId(text: string, pointer = '/id'): string {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw InvalidInput.at(pointer, 'pattern', 'An id is a UUID.');
  return id;
}
