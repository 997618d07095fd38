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

const UP = '';
const DOWN = '';
