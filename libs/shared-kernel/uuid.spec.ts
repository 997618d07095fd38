import { InvalidInput } from './domain-error.js';
import { checkedUuid } from './uuid.js';

it('takes a UUID of any version, and gives it in lower case', () => {
  expect(checkedUuid('0190F5FE-7C00-7A00-8000-00000000ABCD')).toBe('0190f5fe-7c00-7a00-8000-00000000abcd');
  expect(checkedUuid('c232ab00-9414-11ec-b3c8-9f6bdeced846')).toBe('c232ab00-9414-11ec-b3c8-9f6bdeced846');
});

it.each([
  '',
  '0190f5fe7c007a00800000000000abcd',
  '0190f5fe-7c00-9a00-8000-00000000abcd',
  '0190f5fe-7c00-7a00-c000-00000000abcd',
  '00000000-0000-0000-0000-000000000000',
  ' 0190f5fe-7c00-7a00-8000-00000000abcd',
  '0190f5fe-7c00-7a00-8000-00000000abcd\n',
])('refuses %j at its place', (text) => {
  const pattern = { violations: [{ pointer: '/team_id', code: 'pattern', detail: 'An id is a UUID.' }] };
  expect(() => checkedUuid(text, '/team_id')).toThrow(InvalidInput);
  expect(() => checkedUuid(text, '/team_id')).toThrow(expect.objectContaining(pattern));
  expect(() => checkedUuid(text)).toThrow(
    expect.objectContaining({ violations: [expect.objectContaining({ pointer: '/id' })] }),
  );
});
