import fc from 'fast-check';
import { nextDue, whatFellDue } from './falling-due.js';
import type { SupervisorRequestId } from './identity.js';
import type { EscalationStep, SupervisorRequestState } from './request-state.js';

const MADE = Date.parse('2026-05-01T10:00:00.000Z');
const LIFE = 1_000;
const TEAM = '01937b2e-7c41-7000-8000-000000000001';

const after = (seconds: number): Date => new Date(MADE + seconds * 1_000);

const pending = (content: Partial<SupervisorRequestState> = {}): SupervisorRequestState => ({
  id: '01937b2e-7c41-7000-8000-0000000000aa' as SupervisorRequestId,
  tenant: null,
  version: 1,
  stamp: null,
  storeId: 'store-1',
  kind: 'question',
  question: 'Open?',
  options: null,
  responseSchema: null,
  details: {},
  priority: 3,
  requestTimestamp: after(0),
  expiresAt: after(LIFE),
  statusCode: 'pending_response',
  resolution: null,
  settledAt: null,
  assigneeTeamId: null,
  claim: null,
  firstClaimedAt: null,
  response: null,
  onTimeout: 'unresolved',
  defaultResponse: null,
  allowLateResponse: false,
  dedupeKey: null,
  callbackUrl: null,
  requestedBy: 'key:asker',
  escalation: [],
  escalated: 0,
  ...content,
});

const step = (afterSeconds: number, change: Partial<EscalationStep> = {}): EscalationStep => ({
  afterSeconds,
  priority: null,
  assigneeTeamId: null,
  ...change,
});

const told = (state: SupervisorRequestState, seconds: number): unknown[] =>
  whatFellDue(state, after(seconds)).map(({ type, at }) => [type, (at.getTime() - MADE) / 1_000]);

it('a request times out as its time is over, and not before', () => {
  expect(told(pending(), LIFE - 0.001)).toEqual([]);
  const [fallen] = whatFellDue(pending({ claim: { by: 'key:a', expiresAt: after(LIFE + 1) } }), after(LIFE));
  expect(fallen).toMatchObject({
    type: 'timed_out',
    state: {
      statusCode: 'timeout',
      resolution: 'unresolved',
      settledAt: after(LIFE),
      claim: null,
      response: null,
    },
  });
});

it('a timeout takes the default response, in nobody’s name', () => {
  const defaultResponse = { text: 'no', decision: 'answered', data: null } as const;
  const [fallen] = whatFellDue(pending({ onTimeout: 'default_response', defaultResponse }), after(LIFE));
  expect(fallen?.state).toMatchObject({
    statusCode: 'timeout',
    resolution: 'resolved',
    response: {
      ...defaultResponse,
      respondedBy: 'system:supervisor-timeouts',
      respondedAt: after(LIFE),
      late: false,
    },
  });
});

it('what fell due while nobody looked is told in its order, each of its instant', () => {
  const state = pending({
    escalation: [step(10, { priority: 2 }), step(50, { assigneeTeamId: TEAM }), step(70, { priority: 1 })],
    claim: { by: 'key:a', expiresAt: after(20) },
  });
  const fallen = whatFellDue(state, after(60));
  expect(fallen.map(({ type, at }) => [type, at])).toEqual([
    ['escalated', after(10)],
    ['claim_expired', after(20)],
    ['escalated', after(50)],
  ]);
  expect(
    fallen.map(({ state: { priority, assigneeTeamId, escalated, claim } }) => [
      priority,
      assigneeTeamId,
      escalated,
      claim?.by,
    ]),
  ).toEqual([
    [2, null, 1, 'key:a'],
    [2, null, 1, undefined],
    [2, TEAM, 2, undefined],
  ]);
});

it('a step that is due as the request expires, or after it, never happens', () => {
  const escalation = [step(LIFE), step(LIFE + 1)];
  expect(told(pending({ escalation }), LIFE * 2)).toEqual([['timed_out', LIFE]]);
});

it('nothing happens to what is settled', () => {
  const settled = pending({ statusCode: 'cancelled', escalation: [step(1)] });
  expect(whatFellDue(settled, after(LIFE * 2))).toEqual([]);
  expect(nextDue(settled)).toBeNull();
});

it('however often somebody looks, the same happens once', () => {
  const seconds = fc.integer({ min: 1, max: LIFE * 2 });
  fc.assert(
    fc.property(
      fc.uniqueArray(seconds, { maxLength: 5 }),
      fc.option(seconds),
      fc.array(seconds),
      (due, claim, looks) => {
        const state = pending({
          escalation: due
            .sort((one, other) => one - other)
            .map((at, index) => step(at, { priority: (index % 5) + 1 })),
          claim: claim === null ? null : { by: 'key:a', expiresAt: after(claim) },
        });
        const once = whatFellDue(state, after(LIFE * 2));
        let now = state;
        const pieces = [...looks.sort((one, other) => one - other), LIFE * 2].flatMap((look) => {
          const fallen = whatFellDue(now, after(look));
          now = fallen.at(-1)?.state ?? now;
          expect(nextDue(now)?.getTime() ?? Infinity).toBeGreaterThan(after(look).getTime());
          return fallen;
        });
        expect(pieces).toEqual(once);
        expect(once.at(-1)).toMatchObject({ type: 'timed_out', at: after(LIFE) });
      },
    ),
  );
});
