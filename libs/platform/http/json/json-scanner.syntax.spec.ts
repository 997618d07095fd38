import { scanJson } from './json-scanner.js';

const codes = (text: string): readonly string[] => scanJson(text).violations.map(({ code }) => code);

describe('Well-formed texts', () => {
  // prettier-ignore
  it.each([
    'null', 'true', 'false', '0', '-0', '-1', '1.5', '1e5', '1E+5', '1e-5', '0e0', '""', '[]', '{}', ' \t\r\n1\n',
    '[1,2 , 3]', '[[],[[]],{}]', '{"":0}', '{"a":{"b":[{}]},"c":null}', '[ ]', '{ }', '{"a" : 1 , "b" : 2}',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uABCD"', '"\\ud83d\\ude00"', '"\ud83d\ude00"', '"\u007f\u2028\ufeff\uffff"',
    '{"\\n":1,"n":2}', '{"a":1,"A":2}', '{"a":{"a":{"a":1}}}', '[{"a":1},{"a":1}]', '{"a":1,"b":{"a":1,"b":2}}',
    '{"proto":1,"__proto":2,"Constructor":3,"prototype":4,"toString":5,"":6}', '["__proto__","constructor"]',
  ])('are accepted: %j', (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(codes(text)).toEqual([]);
  });
});

describe('Malformed texts', () => {
  // prettier-ignore
  it.each([
    '', ' ', '\ufeff1', 'nul', 'nulll', 'True', 'NaN', 'Infinity', '-Infinity', 'undefined', "'a'", '1 2', '1,', ',',
    '01', '-01', '-', '+1', '.5', '1.', '1.e5', '1e', '1e+', '1e5.5', '0x10', '1_000', '--1', '- 1', '1a', '0 0', '-a',
    '"', '"a', '"\\"', '"\\', '"\\x"', '"\\u"', '"\\u12"', '"\\u12g4"', '"\\u 123"', '"\\U0041"', '"\\ud83d\\u12"',
    '"\n"', '"\t"', '"\0"', '"\u001f"', '[', ']', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '[1]]', '[}', '[1}', '[1:2]',
    '{', '}', '{]', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{,}', '{a:1}', "{'a':1}", '{"a" 1}', '{1:1}',
    '{"a":1]', '{"a"}', '{"a":}', '{"a":1 "b":2}', '{"a":1,,"b":2}', '{"a"::1}', '{null:1}', '[1]x', '{}{}', '//\n1',
    '1/**/', '[1\u00a0]', '\u20281', '\v1', '\f1', '[1,\f2]', '\u00001', '["a"\\n]', '{"\\x":1}', '{"a\n":1}', '1\0',
    '"\\v"', '"\\0"', '"\\a"', '"\\\'"', '"\\\n"', '"\\u123', '"\\u\\"',
  ])('are refused: %j', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(codes(text)).toEqual(['malformed_json']);
  });

  it.each([
    ['', '', 'Expected a value at line 1, column 1.'],
    ['{"a": [1,\n  {"b": tru}]}', '/a/1/b', 'Expected a value at line 2, column 9.'],
    ['{"a": [1,\n  {"b": 1 2}]}', '/a/1', 'Expected a comma or "}" at line 2, column 11.'],
    ['{"a": [1,\r\n\r\n2', '/a', 'Expected a comma or "]" at line 3, column 2.'],
    ['{"a": [1, ]}', '/a/1', 'Expected a value at line 1, column 11.'],
    ['{"a": {"b": 1, }}', '/a', 'Expected a key in double quotes at line 1, column 16.'],
    ['{"a": {"b" 1}}', '/a', 'Expected a colon at line 1, column 12.'],
    ['{"a": {"b', '/a', 'Expected a closing quote at line 1, column 10.'],
    ['{"a": "b\n"}', '/a', 'Expected an escape in place of a control character at line 1, column 9.'],
    ['["\\q"]', '/0', 'Expected a valid escape at line 1, column 3.'],
    ['["\\u00G0"]', '/0', 'Expected four hexadecimal digits after "\\u" at line 1, column 3.'],
    ['["\\u123', '/0', 'Expected four hexadecimal digits after "\\u" at line 1, column 3.'],
    ['[1.x]', '/0', 'Expected a digit at line 1, column 4.'],
    ['[1] 2', '', 'Expected the end of the text at line 1, column 5.'],
  ])('says of %j where, and what it expected', (text, pointer, detail) => {
    expect(scanJson(text).violations).toEqual([{ pointer, code: 'malformed_json', detail }]);
  });

  it('are told after what was wrong before', () => {
    expect(codes('{"a": 1e400, "a": 2, oops')).toEqual(['inexact_number', 'duplicate_key', 'malformed_json']);
  });
});
