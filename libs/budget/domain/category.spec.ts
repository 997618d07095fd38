import { Category } from './category.js';
import { CATEGORY_DEPTH_MAX, expectPlace } from './category-tree.js';
import { CategoryCycle, CategoryTooDeep } from './errors.js';
import { categoryId } from './identity.js';
import type { CategoryId } from './identity.js';

const idOf = (n: number): CategoryId => categoryId(`01937b2e-7c41-7bd4-a1a5-${String(n).padStart(12, '0')}`);
const pathOf = (length: number): CategoryId[] => Array.from({ length }, (_, n) => idOf(n + 1));

describe('a category', () => {
  it('has no new version where nothing is new', () => {
    const state = { id: idOf(1), tenant: null, version: 1, stamp: null, name: 'Food', parentId: idOf(2) };
    const category = Category.restore(state);
    category.revise({ name: ' Food ' }, null);
    expect(category.change).toBeNull();
    category.revise({ parentId: null }, 'up');
    expect(category.snapshot.parentId).toBeNull();
    expect(category.change).toMatchObject({ type: 'updated', reason: 'up' });
  });
});

describe('a place in the tree', () => {
  it.each([
    [1, CATEGORY_DEPTH_MAX - 1],
    [CATEGORY_DEPTH_MAX - 1, 1],
    [CATEGORY_DEPTH_MAX, 0],
  ])('is there for %i levels below %i', (height, depth) => {
    expect(() => expectPlace({ id: idOf(99), height }, pathOf(depth), '/parent_id')).not.toThrow();
    expect(() => expectPlace({ id: idOf(99), height }, pathOf(depth + 1), '/parent_id')).toThrow(
      CategoryTooDeep,
    );
  });

  it('is not below itself', () => {
    expect(() => expectPlace({ id: idOf(3), height: 1 }, pathOf(3), '/parent_id')).toThrow(CategoryCycle);
    expect(() => expectPlace({ id: idOf(1), height: 1 }, pathOf(1), '/parent_id')).toThrow(CategoryCycle);
  });
});
