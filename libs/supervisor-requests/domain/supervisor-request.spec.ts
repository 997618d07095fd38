import { InvalidInput } from '#shared-kernel';
import { after, aContent, anAsked, aRequest, ASKED_AT, ASKER } from '../testing/a-supervisor-request.js';
import { AlreadyResolved, Claimed, NothingToEscalate, SelfApproval, StillPending } from './errors.js';
import { timedOut } from './falling-due.js';
import { contentMistakes } from './request-content.js';
import type { NewRequestContent } from './request-content.js';
import type { Answer, SupervisorRequestState } from './request-state.js';
import { SupervisorRequest } from './supervisor-request.js';

const ANSWER: Answer = { text: 'Yes', decision: 'answered', data: null };
const by = (who: string, at: Date = after(10)) => ({ by: who, at, reason: null });
const TEAM = '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e11';

/** A request as its time ran out. */
function aTimedOut(content: Partial<NewRequestContent> = {}): SupervisorRequest {
  const { snapshot } = anAsked(content);
  return SupervisorRequest.restore({ ...timedOut(snapshot, snapshot.expiresAt), version: 2 });
}

function violations(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInput)
      return error.violations.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
}

describe('a request that is asked', () => {
  it('is pending until its time runs out', () => {
    const { snapshot, change } = anAsked({ timeoutSeconds: 90 });
    expect(snapshot).toMatchObject({
      ...{ statusCode: 'pending_response', resolution: null, settledAt: null, response: null, claim: null },
      ...{ requestTimestamp: ASKED_AT, expiresAt: after(90), requestedBy: ASKER, escalated: 0 },
    });
    expect(change?.type).toBe('created');
  });

  it.each<[string, Partial<NewRequestContent>, string[]]>([
    ['no store', { storeId: '' }, ['/store_id too_short']],
    ['a store that is too long', { storeId: 'ä'.repeat(129) }, ['/store_id too_long']],
    ['a line break in the store', { storeId: 'a\nb' }, ['/store_id pattern']],
    ['no question', { question: '' }, ['/question too_short']],
    ['a question that is too long', { question: 'a'.repeat(4_001) }, ['/question too_long']],
    ['no option at all', { options: [] }, ['/options too_few_options']],
    ['too many options', { options: Array.from({ length: 101 }, String) }, ['/options too_many']],
    ['one option twice', { options: ['a', 'b', 'a'] }, ['/options/2 duplicate']],
    ['an empty option', { options: ['a', ''] }, ['/options/1 too_short']],
    ['an option that is too long', { options: ['a'.repeat(1_001)] }, ['/options/0 too_long']],
    ['large details', { details: { text: 'ä'.repeat(16_384) } }, ['/details too_large']],
    ['no such priority', { priority: 6 }, ['/priority range']],
    ['too little time', { timeoutSeconds: 4 }, ['/timeout_seconds range']],
    ['too much time', { timeoutSeconds: 2_592_001 }, ['/timeout_seconds range']],
    ['a long key', { dedupeKey: 'a'.repeat(256) }, ['/dedupe_key too_long']],
    ['a callback by mail', { callbackUrl: 'mailto:a@example.com' }, ['/callback_url url']],
    ['credentials in the callback', { callbackUrl: 'https://u:p@example.com/' }, ['/callback_url url']],
    ['a callback without a scheme', { callbackUrl: 'example.com/x' }, ['/callback_url url']],
    ['a default that is not wanted', { defaultResponse: said('Yes') }, ['/default_response default_unused']],
    ['no default where it is wanted', { onTimeout: 'default_response' }, ['/default_response required']],
    [
      'a default that is no option',
      { onTimeout: 'default_response', options: ['Yes'], defaultResponse: said('No') },
      ['/default_response/text not_an_option'],
    ],
    [
      'a default that rejects',
      { onTimeout: 'default_response', defaultResponse: { ...said('No'), decision: 'rejected' } },
      ['/default_response/decision choice'],
    ],
    [
      'an approval by silence',
      { kind: 'approval', onTimeout: 'default_response', defaultResponse: said('Yes') },
      ['/on_timeout approval_by_silence'],
    ],
    ['a step that changes nothing', { escalation: [step(5, null)] }, ['/escalation/0 no_change']],
    ['steps out of order', { escalation: [step(5), step(5)] }, ['/escalation/1/after_seconds not_ascending']],
    ['a step at once', { escalation: [step(0)] }, ['/escalation/0/after_seconds range']],
    ['a step to nowhere', { escalation: [step(5, 0)] }, ['/escalation/0/priority range']],
    [
      'too many steps',
      { escalation: Array.from({ length: 11 }, (_, at) => step(at + 1)) },
      ['/escalation too_many'],
    ],
  ])('refuses %s', (_, content, expected) => {
    expect(contentMistakes(aContent(content)).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(
      expected,
    );
    expect(violations(() => anAsked(content))).toEqual(expected);
  });

  it('tells everything that is wrong at once', () => {
    const content = { question: '', priority: 0, options: ['a', 'a'] };
    expect(violations(() => anAsked(content))).toEqual([
      '/question too_short',
      '/options/1 duplicate',
      '/priority range',
    ]);
  });

  it('takes what lies on the edge of each rule', () => {
    const content: Partial<NewRequestContent> = {
      storeId: '🏬'.repeat(128),
      question: 'a'.repeat(4_000),
      options: Array.from({ length: 100 }, (_, at) => `${at}`),
      details: { text: 'a'.repeat(32 * 1024 - '{"text":""}'.length) },
      timeoutSeconds: 2_592_000,
      callbackUrl: 'http://localhost:8080/answers?x=1',
      escalation: Array.from({ length: 10 }, (_, at) => step(at + 1)),
    };
    expect(violations(() => anAsked(content))).toEqual([]);
  });
});

describe('a response', () => {
  it('in time settles the request, and lets go of the claim', () => {
    const request = aRequest({ claim: { by: 'key:a', expiresAt: after(20) } });
    request.respond(ANSWER, by('key:a'));
    expect(request.snapshot).toMatchObject({
      ...{ statusCode: 'response_received', resolution: 'resolved', settledAt: after(10), claim: null },
      response: { ...ANSWER, respondedBy: 'key:a', respondedAt: after(10), late: false },
    });
    expect(request.change?.type).toBe('responded');
  });

  it('is not taken while somebody else works on it, and is once that ran out', () => {
    const claim = { by: 'key:a', expiresAt: after(10) };
    expect(() => aRequest({ claim }).respond(ANSWER, by('key:b', after(9.999)))).toThrow(Claimed);
    expect(() => aRequest({ claim }).respond(ANSWER, by('key:b', after(10)))).not.toThrow();
  });

  it('approves nothing that its author asked for, and may reject it', () => {
    const approval = (): SupervisorRequest => aRequest({}, { kind: 'approval' });
    expect(() => approval().respond({ ...ANSWER, decision: 'approved' }, by(ASKER))).toThrow(SelfApproval);
    expect(() => approval().respond({ ...ANSWER, decision: 'rejected' }, by(ASKER))).not.toThrow();
    expect(() => approval().respond({ ...ANSWER, decision: 'approved' }, by('key:b'))).not.toThrow();
  });

  it.each<[string, Partial<SupervisorRequestState>]>([
    ['was answered', { statusCode: 'response_received', resolution: 'resolved' }],
    ['was cancelled', { statusCode: 'cancelled', resolution: 'unresolved' }],
    ['timed out', { statusCode: 'timeout', resolution: 'unresolved' }],
  ])('is not taken once it %s, and the refusal says so', (_, state) => {
    const request = aRequest({ ...state, settledAt: after(5), version: 7 });
    const act = (): void => request.respond(ANSWER, by('key:b'));
    expect(act).toThrow(AlreadyResolved);
    expect(new AlreadyResolved(request.snapshot).facts).toEqual({
      ...{ current_version: 7, status_code: state.statusCode },
      ...{ resolution: state.resolution, settled_at: after(5).toISOString(), response: null },
    });
  });

  it('is taken once after the timeout where the asker wanted it, which stays a timeout', () => {
    const request = aTimedOut({ allowLateResponse: true });
    request.respond(ANSWER, by('key:a', after(100)));
    expect(request.snapshot).toMatchObject({
      ...{ statusCode: 'timeout', resolution: 'resolved', settledAt: after(60) },
      response: { respondedBy: 'key:a', late: true },
    });
    expect(request.change?.type).toBe('responded_late');
    expect(() => request.respond(ANSWER, by('key:b', after(101)))).toThrow(AlreadyResolved);
  });

  it('that is late takes the place of the default', () => {
    const defaults = { onTimeout: 'default_response', defaultResponse: said('No') } as const;
    const request = aTimedOut({ ...defaults, allowLateResponse: true });
    expect(request.snapshot).toMatchObject({ resolution: 'resolved', response: { text: 'No', late: false } });
    request.respond(ANSWER, by('key:a', after(100)));
    expect(request.snapshot.response).toMatchObject({ text: 'Yes', late: true });
  });
});

describe('a change', () => {
  it('leaves what it does not name, and is none where nothing is new', () => {
    const request = aRequest();
    request.revise({ priority: 1, details: { a: 1 } }, by(ASKER));
    expect(request.snapshot).toMatchObject({ priority: 1, details: { a: 1 }, expiresAt: after(60) });
    expect(request.change?.type).toBe('updated');
    const same = aRequest();
    same.revise({ priority: 3, details: {}, assigneeTeamId: null, expiresAt: after(60) }, by(ASKER));
    expect(same.change).toBeNull();
  });

  it.each<[string, Date, string[]]>([
    ['now', after(10), ['/expires_at past']],
    ['after more than thirty days', after(2_592_000.001), ['/expires_at range']],
    ['in a moment', after(10.001), []],
    ['after thirty days', after(2_592_000), []],
  ])('of the end to %s is judged by the clock', (_, expiresAt, expected) => {
    expect(violations(() => aRequest().revise({ expiresAt }, by(ASKER)))).toEqual(expected);
  });

  it('is refused with everything that is wrong', () => {
    const revision = { priority: 9, details: { text: 'a'.repeat(40_000) }, expiresAt: ASKED_AT };
    expect(violations(() => aRequest().revise(revision, by(ASKER)))).toEqual([
      '/priority range',
      '/details too_large',
      '/expires_at past',
    ]);
  });
});

describe('an escalation', () => {
  const STEPS = { escalation: [step(10, 2), { afterSeconds: 20, priority: null, assigneeTeamId: TEAM }] };

  it('by hand is the next step, until there is none', () => {
    const request = aRequest({}, STEPS);
    request.escalate(null, by(ASKER));
    expect(request.snapshot).toMatchObject({ priority: 2, assigneeTeamId: null, escalated: 1 });
    request.escalate(null, by(ASKER));
    expect(request.snapshot).toMatchObject({ priority: 2, assigneeTeamId: TEAM, escalated: 2 });
    expect(request.change?.type).toBe('escalated');
    expect(() => request.escalate(null, by(ASKER))).toThrow(NothingToEscalate);
  });

  it('to what is named leaves the steps, and is none where it is so already', () => {
    const request = aRequest({}, STEPS);
    request.escalate({ priority: 1, assigneeTeamId: null }, by(ASKER));
    expect(request.snapshot).toMatchObject({ priority: 1, escalated: 0 });
    const same = aRequest({ priority: 1 });
    same.escalate({ priority: 1, assigneeTeamId: null }, by(ASKER));
    expect(same.change).toBeNull();
  });
});

it('is cancelled as unresolved, with nobody at work on it', () => {
  const request = aRequest({ claim: { by: 'key:a', expiresAt: after(100) } });
  request.cancel(by(ASKER));
  expect(request.snapshot).toMatchObject({
    ...{
      statusCode: 'cancelled',
      resolution: 'unresolved',
      settledAt: after(10),
      claim: null,
      response: null,
    },
  });
});

it('is deleted only when nothing is expected of anybody', () => {
  expect(() => aRequest().delete(null)).toThrow(StillPending);
  const request = aTimedOut();
  request.delete('because');
  expect(request.change).toMatchObject({ type: 'deleted', removes: true, reason: 'because' });
});

it.each<[string, (request: SupervisorRequest) => void]>([
  ['changed', (request) => request.revise({ priority: 1 }, by(ASKER))],
  ['escalated', (request) => request.escalate({ priority: 1, assigneeTeamId: null }, by(ASKER))],
  ['cancelled', (request) => request.cancel(by(ASKER))],
])('is not %s once it is settled, however late a response may come', (_, act) => {
  expect(() => act(aTimedOut({ allowLateResponse: true }))).toThrow(AlreadyResolved);
});

function said(text: string): NonNullable<NewRequestContent['defaultResponse']> {
  return { text, decision: null, data: undefined };
}

function step(afterSeconds: number, priority: number | null = 1): NewRequestContent['escalation'][number] {
  return { afterSeconds, priority, assigneeTeamId: null };
}
