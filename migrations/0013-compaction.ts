import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of the change log is kept, and up to where it is not whole any more. */
export class Compaction1764000000013 implements MigrationInterface {
  name = 'Compaction1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = '';
const DOWN = '';
