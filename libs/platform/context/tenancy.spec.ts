import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import type { Caller } from './call.js';
import {
  readTenant,
  SHARED_TENANT,
  tenantColumn,
  TenantForbidden,
  tenantFromColumn,
  writeTenant,
} from './tenancy.js';

const caller = (tenant: string | null): Caller => ({ actor: 'key:test', tenant, permissions: new Set() });
const slug = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);

describe('a platform-wide credential', () => {
  it('acts in the shared rows when it names no tenant, or names null', () => {
    for (const named of [undefined, null]) {
      expect(writeTenant(caller(null), named)).toBeNull();
      expect(readTenant(caller(null), named)).toBeNull();
    }
  });

  it('acts in any tenant that it names', () => {
    fc.assert(
      fc.property(slug, (named) => {
        expect(writeTenant(caller(null), named)).toBe(named);
        expect(readTenant(caller(null), named)).toBe(named);
      }),
    );
  });
});

describe('a credential of a tenant', () => {
  it('acts in its own tenant, named or not', () => {
    for (const named of [undefined, 'acme']) {
      expect(writeTenant(caller('acme'), named)).toBe('acme');
      expect(readTenant(caller('acme'), named)).toBe('acme');
    }
  });

  it('never acts in another tenant', () => {
    fc.assert(
      fc.property(slug, slug, (own, named) => {
        fc.pre(own !== named);
        expect(() => writeTenant(caller(own), named)).toThrow(TenantForbidden);
        expect(() => readTenant(caller(own), named)).toThrow(TenantForbidden);
      }),
    );
  });

  it('reads the shared rows, and does not write them', () => {
    expect(readTenant(caller('acme'), null)).toBeNull();
    expect(() => writeTenant(caller('acme'), null)).toThrow(TenantForbidden);
  });
});

describe('the name of a tenant', () => {
  it.each(['', 'Acme', 'acme corp', '-acme', '_shared', '*', 'a'.repeat(64), 'acme\n', 'ä'])(
    'is not %j',
    (named) => {
      for (const act of [writeTenant, readTenant])
        for (const own of [null, 'acme']) expect(() => act(caller(own), named)).toThrow(InvalidInput);
    },
  );

  it('says what it must be, and where', () => {
    expect(() => readTenant(caller(null), 'Acme')).toThrow(
      expect.objectContaining({
        facts: { errors: [expect.objectContaining({ pointer: '/tenant_id', code: 'pattern' })] },
      }),
    );
  });
});

describe('the column', () => {
  it('and the tenant are two names of one thing', () => {
    fc.assert(
      fc.property(fc.option(slug), (tenant) => {
        expect(tenantFromColumn(tenantColumn(tenant))).toBe(tenant);
      }),
    );
  });

  it('holds for the shared rows what no tenant can be called', () => {
    expect(tenantColumn(null)).toBe(SHARED_TENANT);
    expect(() => writeTenant(caller(null), SHARED_TENANT)).toThrow(InvalidInput);
  });
});
