import { aNewCompany } from '../testing/a-company.js';
import { Company } from './company.js';

const aStored = (state: Parameters<typeof aNewCompany>[0] = {}): Company =>
  Company.restore({ ...aNewCompany(state).snapshot, version: 1 });

it('a new company is what was asked for', () => {
  const { snapshot, change } = aNewCompany({ name: 'Acme', labels: { a: '' } });
  expect(snapshot).toMatchObject({ version: 0, name: 'Acme', description: null, labels: { a: '' } });
  expect(change?.type).toBe('created');
});

it('is refused with everything that breaks a rule', () => {
  const wrong = { name: '', description: 'x'.repeat(256), labels: { a: ' ' } };
  const codes = ['length', 'too_long', 'label_value'];
  const violations = codes.map((code) => expect.objectContaining({ code }));
  expect(() => aNewCompany(wrong)).toThrow(expect.objectContaining({ violations }));
  expect(() => aStored().revise(wrong, null)).toThrow(expect.objectContaining({ violations }));
});

it('revising changes what is named and leaves the rest, and nothing makes no version', () => {
  const company = aStored({ name: 'Acme', labels: { a: '1', b: '2' } });
  company.revise({ labels: { b: '2', a: '1' } }, 'why');
  expect(company.change).toBeNull();
  company.revise({ name: 'Acme 2', description: 'd' }, 'because');
  expect(company.snapshot).toMatchObject({ name: 'Acme 2', description: 'd', labels: { a: '1', b: '2' } });
  expect(company.change).toMatchObject({ type: 'updated', reason: 'because' });
});

it('going back brings back the content, the name too', () => {
  const company = aStored();
  const past = { name: 'Then', description: 'd', labels: {} };
  company.revertTo(past, 1, null);
  expect(company.snapshot).toMatchObject(past);
  expect(company.change).toMatchObject({ type: 'rolled_back', rolledBackFrom: 1 });
  company.delete('because');
  expect(company.change).toMatchObject({ type: 'deleted', reason: 'because', removes: true });
});
