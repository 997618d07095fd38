import type { CompiledFlag, Evaluation, FlagSet } from '#flag-evaluator';
import { failureText, statusOf } from './ofrep-failure.js';
import type { OfrepErrorCode } from './ofrep-failure.js';

/** Who sees what: a key that browsers know sees `client_visible` flags alone, and learns of no others. */
export type Sight = 'all' | 'client';

/** What a flag answers, as the protocol has it. */
export interface FlagAnswer {
  readonly status: number;
  /** JSON, the same alone and in a list. */
  readonly text: string;
}

const OK = 200;
const DETAILS = {
  TARGETING_KEY_MISSING:
    'This flag goes to a share of the callers: the context needs a targetingKey, or what the flag is bucketed by.',
  GENERAL: 'The flag could not be evaluated.',
} as const;

/** The answers of one flag to one kind of caller. Evaluations are shared by all callers: so is the text of each. */
export class FlagAnswers {
  readonly name: string;
  readonly #answers = new WeakMap<Evaluation, FlagAnswer>();
  #lastEvaluation: Evaluation | null = null;
  #lastAnswer: FlagAnswer | null = null;

  constructor(
    private readonly flag: CompiledFlag,
    private readonly sight: Sight,
  ) {
    this.name = flag.name;
  }

  of(evaluation: Evaluation): FlagAnswer {
    if (evaluation === this.#lastEvaluation && this.#lastAnswer) return this.#lastAnswer;
    let answer = this.#answers.get(evaluation);
    if (answer === undefined) {
      answer = answerOf(this.flag, evaluation, this.sight);
      this.#answers.set(evaluation, answer);
    }
    this.#lastEvaluation = evaluation;
    this.#lastAnswer = answer;
    return answer;
  }
}

/** The answers of whole sets. What two sets share, they share here too: a change writes the text of what changed anew. */
export class SetAnswers {
  readonly #ofFlags: Readonly<Record<Sight, WeakMap<CompiledFlag, FlagAnswers>>> = {
    all: new WeakMap(),
    client: new WeakMap(),
  };
  readonly #ofSets: Readonly<Record<Sight, WeakMap<FlagSet, readonly FlagAnswers[]>>> = {
    all: new WeakMap(),
    client: new WeakMap(),
  };

  /** Undefined for a flag that is not there, or not in sight: nobody can tell which. */
  find(set: FlagSet, name: string, sight: Sight): FlagAnswers | undefined {
    const flag = set.flag(name);
    return flag && isInSight(flag, sight) ? this.#of(flag, sight) : undefined;
  }

  /** Of all flags that are in sight, by name. */
  list(set: FlagSet, sight: Sight): readonly FlagAnswers[] {
    let list = this.#ofSets[sight].get(set);
    if (list === undefined) {
      list = set.flags.filter((flag) => isInSight(flag, sight)).map((flag) => this.#of(flag, sight));
      this.#ofSets[sight].set(set, list);
    }
    return list;
  }

  #of(flag: CompiledFlag, sight: Sight): FlagAnswers {
    let answers = this.#ofFlags[sight].get(flag);
    if (answers === undefined) {
      answers = new FlagAnswers(flag, sight);
      this.#ofFlags[sight].set(flag, answers);
    }
    return answers;
  }
}

export const isInSight = (flag: CompiledFlag, sight: Sight): boolean =>
  sight === 'all' || flag.isClientVisible;

/** Without a value where the code's own default applies: null is no value to the protocol. */
function answerOf({ name, version }: CompiledFlag, evaluation: Evaluation, sight: Sight): FlagAnswer {
  const { errorCode, value, reason, variant, ruleId, expired, prerequisiteFailed } = evaluation;
  if (errorCode !== null) return failed(name, errorCode);
  const text = JSON.stringify({
    key: name,
    reason,
    ...(value !== null && { value }),
    ...(variant !== null && { variant }),
    metadata: {
      version,
      ...(ruleId !== null && { rule_id: ruleId }),
      ...(expired && { expired }),
      // A browser may know the flag and not the one that it waits for.
      ...(prerequisiteFailed !== null && sight === 'all' && { prerequisite_failed: prerequisiteFailed }),
    },
  });
  return { status: OK, text };
}

function failed(name: string, errorCode: OfrepErrorCode & keyof typeof DETAILS): FlagAnswer {
  return { status: statusOf(errorCode), text: failureText(name, errorCode, DETAILS[errorCode]) };
}
