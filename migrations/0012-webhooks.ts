import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told of changes by HTTP, and what they were told. */
export class Webhooks1764000000012 implements MigrationInterface {
  name = 'Webhooks1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = '';
const DOWN = '';
