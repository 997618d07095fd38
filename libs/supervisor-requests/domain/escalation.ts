import type { Violation } from '#shared-kernel';
import type { EscalationStep, SupervisorRequestState } from './request-state.js';

export const STEPS_MAX = 10;
export const STEP_SECONDS_MAX = 2_592_000;
const SECOND_MS = 1_000;

type Escalating = Pick<SupervisorRequestState, 'escalation' | 'escalated' | 'requestTimestamp'>;

/** The next step, and when it is due; null when all were applied. */
export function nextStep(state: Escalating): { readonly step: EscalationStep; readonly dueAt: Date } | null {
  const step = state.escalation[state.escalated];
  if (!step) return null;
  return { step, dueAt: new Date(state.requestTimestamp.getTime() + step.afterSeconds * SECOND_MS) };
}

/** Everything that is wrong with the steps. */
export function escalationMistakes(steps: readonly EscalationStep[]): Violation[] {
  if (steps.length > STEPS_MAX) {
    const detail = `It must have at most ${STEPS_MAX} items.`;
    return [{ pointer: '/escalation', code: 'too_many', detail }];
  }
  return steps.flatMap((step, index) => stepMistakes(step, steps[index - 1], `/escalation/${index}`));
}

function stepMistakes(
  step: EscalationStep,
  before: EscalationStep | undefined,
  pointer: string,
): Violation[] {
  const mistakes: Violation[] = [];
  const { afterSeconds, priority, assigneeTeamId } = step;
  if (!Number.isInteger(afterSeconds) || afterSeconds < 1 || afterSeconds > STEP_SECONDS_MAX) {
    const detail = `It is a whole number from 1 to ${STEP_SECONDS_MAX}.`;
    mistakes.push({ pointer: `${pointer}/after_seconds`, code: 'range', detail });
  } else if (before && afterSeconds <= before.afterSeconds) {
    const detail = 'Each step comes later than the one before it.';
    mistakes.push({ pointer: `${pointer}/after_seconds`, code: 'not_ascending', detail });
  }
  if (priority === null && assigneeTeamId === null) {
    const detail = 'A step changes the priority, the team or both.';
    mistakes.push({ pointer, code: 'no_change', detail });
  }
  return mistakes;
}
