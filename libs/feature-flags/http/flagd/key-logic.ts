import { attribute, firstOf, isScalar, NotInFlagd } from './logic.js';
import type { Evaluators, Logic, Step } from './logic.js';

/** What stands for a key where there is none. */
export const NO_KEY = '';

/** Some buckets, and what they get. */
export interface Share {
  readonly name: string;
  readonly size: number;
}

const CALLER_KEYS = ['targetingKey', 'user_id', 'user.id'];
export const BUCKETS = 100_000;
/** References are found by their text, in which nothing may be escaped. */
const PLAIN_PATH = /^[\w.-]+$/;
const ASCII = /^[\0-\x7f]*$/;

const keyAt = (path: string): Step => {
  const value = attribute(path);
  return [{ and: [{ '!==': [value, NO_KEY] }, isScalar(value)] }, { cat: [value] }];
};

/** The key by which a caller is drawn, as text. @throws NotInFlagd */
export function keyLogic(bucketBy: string | null, evaluators: Evaluators): Logic {
  if (bucketBy === null) return evaluators.use('key', firstOf(CALLER_KEYS.map(keyAt), NO_KEY));
  const logic = firstOf([keyAt(bucketBy)], NO_KEY);
  return PLAIN_PATH.test(bucketBy) ? evaluators.use(`key-${bucketBy}`, logic) : logic;
}

/**
 * Which share of the 100,000 buckets a caller is in. flagd draws as we do, with the same hash of the text that it is given
 * and the same arithmetic, as long as the shares sum up to as many buckets. @throws NotInFlagd
 */
export function drawLogic(prefix: string, key: Logic, shares: readonly Share[]): Logic {
  if (!ASCII.test(prefix))
    throw new NotInFlagd(
      'salt',
      'Not every SDK of flagd hashes letters beyond ASCII alike, and its salt has some.',
    );
  return { fractional: [{ cat: [prefix, key] }, ...shares.map(({ name, size }) => [name, size])] };
}

/** Whether a caller is in the first buckets. @throws NotInFlagd */
export function isInside(salt: string, key: Logic, threshold: number): Logic {
  const shares = [
    { name: 'in', size: threshold },
    { name: 'out', size: BUCKETS - threshold },
  ];
  return { '===': [drawLogic(`${salt}:gate:`, key, shares), 'in'] };
}
