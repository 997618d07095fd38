import { PERMISSIONS, permissionsOf, ROLES } from './permissions.js';
import type { Role } from './permissions.js';

const granted = (role: Role): string[] => [...permissionsOf(role)].sort();

describe('Permissions', () => {
  it('are those of the eight contexts, and nine of their own', () => {
    expect([...PERMISSIONS].sort()).toEqual([
      'audit:read',
      'budget:read',
      'budget:write',
      'catalog:read',
      'catalog:write',
      'configurations:read',
      'configurations:write',
      'devices:read',
      'devices:report',
      'devices:write',
      'events:read',
      'events:write',
      'flags:evaluate',
      'flags:evaluate_client',
      'flags:read',
      'flags:write',
      'keys:admin',
      'metadata:read',
      'metadata:write',
      'secrets:admin',
      'secrets:read',
      'streams:read',
      'supervisor:read',
      'supervisor:respond',
      'supervisor:write',
    ]);
  });
});

describe('Roles', () => {
  it('give an administrator everything', () => {
    expect(granted('admin')).toEqual([...PERMISSIONS].sort());
  });

  it('keep secrets, keys, the audit trail and answering for a person from an editor', () => {
    const withheld = PERMISSIONS.filter((permission) => !permissionsOf('editor').has(permission));
    expect(withheld.sort()).toEqual([
      'audit:read',
      'keys:admin',
      'secrets:admin',
      'secrets:read',
      'supervisor:respond',
    ]);
  });

  it('let a viewer read and follow every context, and nothing else', () => {
    expect(granted('viewer')).toEqual([
      'budget:read',
      'catalog:read',
      'configurations:read',
      'devices:read',
      'events:read',
      'flags:read',
      'metadata:read',
      'streams:read',
      'supervisor:read',
    ]);
  });

  it.each<[Role, string[]]>([
    ['supervisor', ['streams:read', 'supervisor:read', 'supervisor:respond']],
    ['evaluator', ['flags:evaluate', 'flags:evaluate_client']],
    ['device', ['devices:report']],
    ['client', ['flags:evaluate_client']],
  ])('let a %s do its one task', (role, permissions) => {
    expect(granted(role)).toEqual(permissions);
  });

  it('never give the whole without the part', () => {
    for (const role of ROLES) {
      const permissions = permissionsOf(role);
      if (permissions.has('flags:evaluate')) expect(permissions).toContain('flags:evaluate_client');
      if (permissions.has('devices:write')) expect(permissions).toContain('devices:report');
    }
  });

  it.each(['secrets:read', 'secrets:admin', 'keys:admin', 'audit:read'] as const)(
    'give %s to administrators alone',
    (permission) => {
      expect(ROLES.filter((role) => permissionsOf(role).has(permission))).toEqual(['admin']);
    },
  );
});
