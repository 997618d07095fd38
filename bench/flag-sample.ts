/** The flag that is evaluated everywhere: three conditions, then a quarter of those who meet them. */
export const ROLLOUT_PERCENTAGE = 25;
export const COUNTRIES = ['US', 'CA', 'DE'];
export const PLAN = 'pro';
export const AGE_MIN = 18;

/** Who asks. */
export interface Visitor {
  readonly targetingKey: string;
  readonly country: string;
  readonly plan: string;
  readonly age: number;
}

/** As users are: three of four meet the conditions. */
export function visitors(count: number): Visitor[] {
  return Array.from({ length: count }, (_, index) => ({
    targetingKey: `user-${index}`,
    country: COUNTRIES[index % COUNTRIES.length] ?? '',
    plan: index % 4 === 3 ? 'free' : PLAN,
    age: AGE_MIN + (index % 50),
  }));
}

/** As it is created over HTTP. */
export function flagBody(name: string): object {
  const conditions = [
    { attribute: 'country', operator: 'in', value: COUNTRIES },
    { attribute: 'plan', operator: 'eq', value: PLAN },
    { attribute: 'age', operator: 'gte', value: AGE_MIN },
  ];
  const rule = { conditions, result: true, rollout_percentage: ROLLOUT_PERCENTAGE };
  return { name, default_value: false, rollout_percentage: 0, targeting_rules: [rule] };
}
