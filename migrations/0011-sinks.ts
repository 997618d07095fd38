import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each sink is in each stream, and which replica runs it. */
export class Sinks1764000000011 implements MigrationInterface {
  name = 'Sinks1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = '';
const DOWN = '';
