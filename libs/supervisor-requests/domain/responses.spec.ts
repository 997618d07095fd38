import type { RequestKind } from './request-state.js';
import { answerMistakes, isSchemaAsked, toAnswer } from './responses.js';
import type { SaidAnswer } from './responses.js';

const NOTHING: SaidAnswer = { text: null, decision: null, data: undefined };
const asked = (kind: RequestKind, options: readonly string[] | null = null) => ({
  ...{ kind, options, responseSchema: null },
});
const wrong = (request: ReturnType<typeof asked>, said: Partial<SaidAnswer>): string[] =>
  answerMistakes(request, { ...NOTHING, ...said }).map(({ pointer, code }) => `${pointer} ${code}`);

it.each<[string, ReturnType<typeof asked>, Partial<SaidAnswer>, string[]]>([
  ['a question wants a text or data', asked('question'), {}, ['/text required']],
  ['a text answers a question', asked('question'), { text: 'Yes' }, []],
  ['data answer a question, null too', asked('question'), { data: null }, []],
  ['an alert wants nothing', asked('alert'), {}, []],
  ['an approval wants a decision', asked('approval'), { text: 'Yes' }, ['/decision required']],
  ['an approval is approved', asked('approval'), { decision: 'approved' }, []],
  ['an approval is not answered', asked('approval'), { decision: 'answered' }, ['/decision choice']],
  [
    'a question is not approved',
    asked('question'),
    { text: 'a', decision: 'approved' },
    ['/decision choice'],
  ],
  ['options want one of them', asked('alert', ['a']), {}, ['/text required']],
  ['one of the options is right', asked('question', ['a', 'b']), { text: 'b' }, []],
  ['case matters in options', asked('question', ['a']), { text: 'A' }, ['/text not_an_option']],
  ['data do not stand for an option', asked('question', ['a']), { data: 1 }, ['/text required']],
  ['a rejection needs no option', asked('approval', ['a']), { decision: 'rejected' }, []],
  [
    'an option that a rejection names is one',
    asked('approval', ['a']),
    { decision: 'rejected', text: 'b' },
    ['/text not_an_option'],
  ],
  ['an empty text says nothing', asked('question'), { text: '' }, ['/text too_short']],
  ['a long text is refused', asked('question'), { text: 'a'.repeat(4_001) }, ['/text too_long']],
  ['large data are refused', asked('question'), { data: 'ä'.repeat(16_384) }, ['/data too_large']],
  [
    'all at once',
    asked('approval', ['a']),
    { text: 'b', data: 'a'.repeat(40_000) },
    ['/decision required', '/text not_an_option', '/data too_large'],
  ],
])('%s', (_, request, said, expected) => {
  expect(wrong(request, said)).toEqual(expected);
});

it('is answered where no decision is said', () => {
  expect(toAnswer({ ...NOTHING, text: 'Yes' })).toEqual({ text: 'Yes', decision: 'answered', data: null });
});

it('asks the schema about everything but a rejection without data', () => {
  const schema = { ...asked('approval'), responseSchema: true };
  expect(isSchemaAsked(schema, { ...NOTHING, decision: 'rejected' })).toBe(false);
  expect(isSchemaAsked(schema, { ...NOTHING, decision: 'rejected', data: null })).toBe(true);
  expect(isSchemaAsked(schema, { ...NOTHING, decision: 'approved' })).toBe(true);
  expect(isSchemaAsked(asked('approval'), { ...NOTHING, data: 1 })).toBe(false);
});
