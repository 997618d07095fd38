import type { Condition, FlagValue, Json, TargetingRule, Variant } from '#flag-evaluator';
import { NotInRules } from './read-logic.js';
import type { LogicReader, Placed } from './read-logic.js';

/** What targeting comes to in our words. */
export interface Targeting {
  readonly rules: readonly TargetingRule[];
  readonly variants: readonly Variant[];
  /** Null: the usual key. */
  readonly bucketBy: string | null;
  /** With which callers are drawn as flagd does; null: they are drawn anew. */
  readonly salt: string | null;
}

/** What the flag has to serve. */
export interface Served {
  readonly variants: ReadonlyMap<string, FlagValue>;
  /** For who gets the default; null: the code's own. */
  readonly usual: FlagValue | null;
}

interface Share {
  readonly name: string | null;
  readonly weight: number;
}

interface Draw {
  readonly shares: readonly Share[];
  readonly bucketBy: string | null;
  readonly salt: string | null;
}

const BUCKETS = 100_000;
/** How our own export writes what is hashed to split callers among variants. */
const OUR_SPLIT = ':variant:';

/** Reads the targeting of one flag, in the order in which flagd goes through it. Throws `NotInRules`. */
export class TargetingReader {
  readonly #rules: TargetingRule[] = [];
  #draws: Draw | null = null;

  constructor(
    private readonly logic: LogicReader,
    private readonly served: Served,
  ) {}

  read(targeting: Placed): Targeting {
    const variants = this.#outcome(targeting, []);
    return {
      rules: this.#rules,
      variants,
      bucketBy: this.#draws?.bucketBy ?? null,
      salt: variants.length > 0 ? (this.#draws?.salt ?? null) : null,
    };
  }

  /** Notes a rule for each way to an outcome; gives the variants of a split that is for all who are left. */
  #outcome(placed: Placed, conditions: readonly Condition[]): Variant[] {
    const operation = this.logic.operation(placed);
    if (operation?.name === 'if') return this.#choice(operation.operands, conditions);
    if (operation?.name === 'fractional') return this.#split(operation.operands, placed, conditions);
    if (operation) throw new NotInRules(placed.pointer, `Rules cannot serve what "${operation.name}" gives.`);
    const name = this.#name(this.logic.resolved(placed));
    if (conditions.length > 0 || name !== null) this.#serve(name, conditions, placed, null);
    return [];
  }

  #choice(operands: readonly Placed[], conditions: readonly Condition[]): Variant[] {
    const pairs = Math.floor(operands.length / 2);
    for (let pair = 0; pair < pairs; pair++) {
      const [test, outcome] = operands.slice(2 * pair);
      if (test && outcome) this.#outcome(outcome, [...conditions, this.logic.condition(test)]);
    }
    const rest = operands.length % 2 === 1 ? operands.at(-1) : undefined;
    if (rest) return this.#outcome(rest, conditions);
    if (conditions.length > 0) {
      const [first] = operands;
      if (first) this.#serve(null, conditions, first, null);
    }
    return [];
  }

  #split(operands: readonly Placed[], placed: Placed, conditions: readonly Condition[]): Variant[] {
    const draw = this.#draw(operands, placed);
    if (this.#draws && (this.#draws.bucketBy !== draw.bucketBy || this.#draws.salt !== draw.salt))
      throw new NotInRules(placed.pointer, 'A flag draws its callers by one key.');
    this.#draws = draw;
    const total = draw.shares.reduce((sum, { weight }) => sum + weight, 0);
    if (total <= 0) throw new NotInRules(placed.pointer, 'At least one weight is above 0.');
    if (conditions.length === 0) return this.#variants(draw, total);
    let until = 0;
    for (const { name, weight } of draw.shares) {
      until += weight;
      // All of them ask for the same draw, so each gets those whom the ones before it left.
      const percentage = Math.round((until / total) * BUCKETS) / 1000;
      if (weight > 0) this.#serve(name, conditions, placed, percentage < 100 ? percentage : null);
    }
    return [];
  }

  #variants({ shares, salt }: Draw, total: number): Variant[] {
    const variants = new Map<
      string,
      { value: FlagValue; weight: number; ranges: Variant['ranges'][number][] }
    >();
    let from = 0;
    for (const { name, weight } of shares) {
      const [known, value] = this.#named(name);
      const variant = variants.get(known) ?? { value, weight: 0, ranges: [] };
      variant.weight += weight;
      if (salt !== null && total === BUCKETS && weight > 0)
        variant.ranges.push({ from, until: from + weight });
      variants.set(known, variant);
      from += weight;
    }
    return [...variants].map(([name, { value, weight, ranges }]) => ({ name, value, weight, ranges }));
  }

  #draw(operands: readonly Placed[], { pointer }: Placed): Draw {
    const [first] = operands;
    const isKey = first !== undefined && !Array.isArray(first.logic);
    const shares = (isKey ? operands.slice(1) : operands).map((share) => this.#share(share));
    if (!isKey) return { shares, bucketBy: 'targetingKey', salt: null };
    const operation = this.logic.operation(first);
    const [prefix, key, more] = operation?.name === 'cat' ? operation.operands : [undefined, first];
    const path = this.logic.path(key);
    if (path === null || more) throw new NotInRules(first.pointer, 'Rules draw callers by one attribute.');
    if (prefix === undefined || this.logic.path(prefix) === '$flagd.flagKey')
      return { shares, bucketBy: path, salt: null };
    if (typeof prefix.logic !== 'string')
      throw new NotInRules(pointer, 'Rules draw callers by one attribute.');
    const salt = prefix.logic.endsWith(OUR_SPLIT) ? prefix.logic.slice(0, -OUR_SPLIT.length) : '';
    return { shares, bucketBy: path, salt: salt === '' ? null : salt };
  }

  #share({ logic, pointer, depth }: Placed): Share {
    const list: readonly Json[] = Array.isArray(logic) ? logic : [];
    const [name = null, weight = 1] = list;
    if (list.length < 1 || list.length > 2 || typeof weight !== 'number' || !Number.isInteger(weight))
      throw new NotInRules(pointer, 'A share is a variant and a whole number.');
    return { name: this.#name({ logic: name, pointer, depth }), weight: Math.max(0, weight) };
  }

  /** Null is the default. */
  #name({ logic, pointer }: Placed): string | null {
    if (logic === null) return null;
    if (typeof logic === 'object') throw new NotInRules(pointer, 'Rules serve a variant.');
    const name = String(logic);
    if (!this.served.variants.has(name)) throw new NotInRules(pointer, `There is no variant "${name}".`);
    return name;
  }

  #named(name: string | null): readonly [string, FlagValue] {
    const value = name === null ? this.served.usual : this.served.variants.get(name);
    if (value === undefined || value === null)
      throw new NotInRules('', 'Rules cannot serve the default in the code.');
    return [name ?? 'default', value];
  }

  #serve(
    name: string | null,
    conditions: readonly Condition[],
    { pointer }: Placed,
    share: number | null,
  ): void {
    const value = name === null ? this.served.usual : (this.served.variants.get(name) ?? null);
    if (value === null) throw new NotInRules(pointer, 'Rules cannot serve the default in the code.');
    const priority = this.#rules.length;
    this.#rules.push({
      id: `flagd-${priority + 1}`,
      priority,
      description: null,
      conditions,
      result: value,
      variant: null,
      rolloutPercentage: share,
    });
  }
}
