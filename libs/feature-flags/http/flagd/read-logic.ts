import { at, isMembers } from '#platform/http';
import type { Condition, Json, JsonObject, Operator } from '#flag-evaluator';

/** Something in a document of flagd that our rules cannot say. */
export class NotInRules extends Error {
  constructor(
    readonly pointer: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** An expression, and where in the document it stands. */
export interface Placed {
  readonly logic: Json;
  readonly pointer: string;
  /** How many references led here. */
  readonly depth: number;
}

/** An operation of JsonLogic with its operands. */
export interface Operation {
  readonly name: string;
  readonly operands: readonly Placed[];
}

type Scalar = boolean | number | string;

const REFERENCES_DEEP_MAX = 16;
/** In one document, whatever its references multiply: more than any has that is written out. */
const OPERANDS_MAX = 500_000;
const SCALARS = ['string', 'number', 'boolean'];
const ORDERS: Readonly<Record<string, readonly [Operator, Operator]>> = {
  '<': ['lt', 'gt'],
  '<=': ['lte', 'gte'],
  '>': ['gt', 'lt'],
  '>=': ['gte', 'lte'],
};
const VERSION_ORDERS: Readonly<Record<string, readonly Operator[]>> = {
  '<': ['semver_lt'],
  '<=': ['semver_lte'],
  '>': ['semver_gt'],
  '>=': ['semver_gte'],
  '=': ['semver_gte', 'semver_lte'],
};
/** What a missing attribute, which JsonLogic takes for 0, makes of a comparison. */
const AT_ZERO: Partial<Record<Operator, (bound: number) => boolean>> = {
  lt: (bound) => 0 < bound,
  lte: (bound) => 0 <= bound,
  gt: (bound) => 0 > bound,
  gte: (bound) => 0 >= bound,
};

/** Reads expressions of one document. Its functions throw `NotInRules`. */
export class LogicReader {
  #operands = 0;

  constructor(private readonly evaluators: JsonObject) {}

  /** What a reference stands for; anything else stands for itself. */
  resolved(placed: Placed): Placed {
    const { logic, pointer, depth } = placed;
    const name = isMembers(logic) ? logic['$ref'] : undefined;
    if (typeof name !== 'string') return placed;
    const found = Object.hasOwn(this.evaluators, name) ? this.evaluators[name] : undefined;
    if (found === undefined) throw new NotInRules(pointer, `There is no evaluator "${name}".`);
    if (depth >= REFERENCES_DEEP_MAX) throw new NotInRules(pointer, 'Its references go too deep.');
    return this.resolved({ logic: found, pointer: at('/$evaluators', name), depth: depth + 1 });
  }

  /** Null when it is none: a text, a number, true, false or null. */
  operation(placed: Placed): Operation | null {
    const { logic, pointer, depth } = this.resolved(placed);
    if (!isMembers(logic)) return null;
    const [name, more] = Object.keys(logic);
    if (name === undefined || more !== undefined)
      throw new NotInRules(pointer, 'An expression has one operation.');
    const operands = (logic as JsonObject)[name] ?? null;
    const inside = at(pointer, name);
    this.#spend(1, pointer);
    if (!Array.isArray(operands)) return { name, operands: [{ logic: operands, pointer: inside, depth }] };
    const list: readonly Json[] = operands;
    this.#spend(list.length, pointer);
    return { name, operands: list.map((one, index) => ({ logic: one, pointer: at(inside, index), depth })) };
  }

  /** The path of `{"var": "path"}`; null when it is something else. */
  path(placed: Placed | undefined): string | null {
    const operation = placed && this.operation(placed);
    const [path, fallback] = operation?.operands ?? [];
    return operation?.name === 'var' && typeof path?.logic === 'string' && path.logic !== '' && !fallback
      ? path.logic
      : null;
  }

  condition(placed: Placed): Condition {
    const { logic, pointer } = this.resolved(placed);
    if (typeof logic === 'boolean') return logic ? { all: [] } : { any: [] };
    const operation = this.operation(placed);
    if (!operation) throw new NotInRules(pointer, 'This is no condition.');
    const { name, operands } = operation;
    switch (name) {
      case 'and':
        return { all: operands.map((one) => this.condition(one)) };
      case 'or':
        return { any: operands.map((one) => this.condition(one)) };
      case '!':
        return { not: this.condition(this.#only(operands, pointer)) };
      case '!!':
        return this.condition(this.#only(operands, pointer));
      case '==':
      case '===':
        return this.#equality(operands, pointer);
      case '!=':
      case '!==':
        return { not: this.#equality(operands, pointer) };
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#order(name, operands, pointer);
      case 'in':
        return this.#membership(operands, pointer);
      case 'starts_with':
      case 'ends_with':
        return this.#affix(name, operands, pointer);
      case 'sem_ver':
        return this.#version(operands, pointer);
      default:
        throw new NotInRules(pointer, `Rules cannot say "${name}".`);
    }
  }

  #spend(operands: number, pointer: string): void {
    this.#operands += operands + 1;
    if (this.#operands > OPERANDS_MAX) throw new NotInRules(pointer, 'Its references lead to too much.');
  }

  #only([only, more]: readonly Placed[], pointer: string): Placed {
    if (!only || more) throw new NotInRules(pointer, 'It takes one operand.');
    return only;
  }

  #scalar(placed: Placed | undefined, pointer: string): Scalar {
    const value = placed?.logic;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    throw new NotInRules(
      placed?.pointer ?? pointer,
      'Rules compare an attribute with a text, a number, true or false.',
    );
  }

  /** An attribute and what stands on the other side, whichever comes first. */
  #sides(operands: readonly Placed[], pointer: string): readonly [string, Placed, 'as written' | 'turned'] {
    const [left, right, more] = operands;
    const [first, second] = [this.path(left), this.path(right)];
    if (left && right && !more && first !== null && second === null) return [first, right, 'as written'];
    if (left && right && !more && second !== null && first === null) return [second, left, 'turned'];
    throw new NotInRules(pointer, 'Rules compare one attribute with one value.');
  }

  #equality(operands: readonly Placed[], pointer: string): Condition {
    const [attribute, other] = this.#sides(operands, pointer);
    if (other.logic === null) return { attribute, operator: 'not_exists' };
    return { attribute, operator: 'eq', value: this.#scalar(other, pointer) };
  }

  #order(name: string, operands: readonly Placed[], pointer: string): Condition {
    const [attribute, other, how] = this.#sides(operands, pointer);
    const [straight, turned] = ORDERS[name] ?? [];
    const operator = how === 'turned' ? turned : straight;
    const value = Number(this.#scalar(other, pointer));
    if (!operator || !Number.isFinite(value))
      throw new NotInRules(other.pointer, 'Rules compare with a number.');
    const comparison: Condition = { attribute, operator, value };
    return AT_ZERO[operator]?.(value) === true
      ? { any: [comparison, { attribute, operator: 'not_exists' }] }
      : comparison;
  }

  #membership(operands: readonly Placed[], pointer: string): Condition {
    const [needle, heap] = operands;
    const attribute = this.path(needle);
    if (attribute !== null && Array.isArray(heap?.logic)) {
      const list: readonly Json[] = heap.logic;
      this.#spend(list.length, pointer);
      const value = list.filter((one): one is Scalar => SCALARS.includes(typeof one));
      if (value.length === list.length) return { attribute, operator: 'in', value };
    }
    const whole = this.path(heap);
    if (whole !== null && typeof needle?.logic === 'string')
      return { attribute: whole, operator: 'contains', value: needle.logic };
    throw new NotInRules(pointer, 'Rules look for an attribute in a list, or for a text in an attribute.');
  }

  #affix(operator: 'starts_with' | 'ends_with', operands: readonly Placed[], pointer: string): Condition {
    const [subject, affix] = operands;
    const attribute = this.path(subject);
    if (attribute === null || typeof affix?.logic !== 'string')
      throw new NotInRules(pointer, 'Rules compare an attribute with a text.');
    return { attribute, operator, value: affix.logic };
  }

  #version(operands: readonly Placed[], pointer: string): Condition {
    const [subject, order, version] = operands;
    const attribute = this.path(subject);
    const comparator = typeof order?.logic === 'string' ? order.logic : '';
    const isUnequal = comparator === '!=';
    const operators = VERSION_ORDERS[isUnequal ? '=' : comparator];
    if (attribute === null || !operators || typeof version?.logic !== 'string')
      throw new NotInRules(pointer, 'Rules compare a version by =, !=, <, <=, > and >=.');
    const { logic: value } = version;
    const comparisons = operators.map((operator): Condition => ({ attribute, operator, value }));
    const all: Condition = { all: comparisons };
    if (!isUnequal) return comparisons.length === 1 ? (comparisons[0] ?? all) : all;
    // What is no version is not unequal to one in flagd either.
    return {
      any: [
        { attribute, operator: 'semver_lt', value },
        { attribute, operator: 'semver_gt', value },
      ],
    };
  }
}
