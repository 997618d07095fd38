import type { Selector, SelectorRequirement } from '#shared-kernel';
import type { Conditions } from './conditions.js';

/** Where labels stand as rows `(tenant, key, value, <owner>)`, with indexes over (<owner>, key) and (tenant, key, value, <owner>). */
export interface LabelTable {
  /** With its schema, for example `catalog.resource_label`. */
  readonly table: string;
  /** The column with the id of what is labelled, for example `resource_id`. */
  readonly owner: string;
}

/** Of the table called `t` only what the selector fits, by a table of its labels: over its indexes, and no row is opened. */
export function whereLabelRowsMatch(
  where: Conditions,
  selector: Selector,
  { table, owner }: LabelTable,
): Conditions {
  for (const { key, operator, values } of selector.requirements) {
    const hasKey = `l.${owner} = t.id and l.tenant = t.tenant and l.key = ?`;
    const hasValue = operator === 'in' || operator === 'notin' ? valueOf(values) : { text: '', bound: [] };
    where.and(
      `${isNegative(operator) ? 'not ' : ''}exists (select from ${table} l where ${hasKey}${hasValue.text})`,
      key,
      ...hasValue.bound,
    );
  }
  return where;
}

/** Of one value alone the planner knows how often it is. */
const valueOf = (values: readonly string[]): { readonly text: string; readonly bound: readonly unknown[] } =>
  values.length === 1
    ? { text: ' and l.value = ?', bound: values }
    : { text: ' and l.value = any (?)', bound: [[...values]] };

/** The same by a column of JSON, `{key: value}`, for tables that are small: each row is looked into. */
export function whereLabelsMatch(
  where: Conditions,
  selector: Selector,
  column: string = 't.labels',
): Conditions {
  for (const { key, operator, values } of selector.requirements) {
    if (operator === 'exists') where.and(`${column} ->> ?::text is not null`, key);
    else if (operator === 'absent') where.and(`${column} ->> ?::text is null`, key);
    else {
      const not = isNegative(operator) ? 'not ' : '';
      where.and(`${not}coalesce(${column} ->> ?::text = any (?), false)`, key, [...values]);
    }
  }
  return where;
}

const isNegative = (operator: SelectorRequirement['operator']): boolean =>
  operator === 'notin' || operator === 'absent';
