import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The secret by which URLs are signed. */
export class SignedUrls1764000000014 implements MigrationInterface {
  name = 'SignedUrls1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  select set_config('app.tenant', '*', true); -- The policies hold for the owner, too.
  insert into platform.server_secret (name, secret)
  values ('signed_url', sha256((gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text)::bytea));
`;

const DOWN = `
  select set_config('app.tenant', '*', true);
  delete from platform.server_secret where name = 'signed_url';
`;
