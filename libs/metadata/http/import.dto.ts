import { ListOf, Text, ViolationResponse, Whole, YesNo } from '#platform/http';
import { CreateEntryBody } from './entry.dto.js';

/**
 * A line of an export says more than a line of an import needs. What the server decides is read over: an entry is found
 * by its name, so that its id is the server's too.
 */
export class ImportedEntry extends CreateEntryBody {
  @Whole({ optional: true })
  readonly version?: number;

  @Text({ optional: true })
  readonly created_at?: string;

  @Text({ optional: true })
  readonly updated_at?: string;

  @Text({ optional: true })
  readonly created_by?: string;

  @Text({ optional: true })
  readonly updated_by?: string;
}

/** A line that could not be taken. */
export class ImportMistake {
  @Whole({ min: 1 })
  readonly line!: number;

  @Text({ example: 'invalid_input' })
  readonly code!: string;

  @Text()
  readonly detail!: string;

  @ListOf(() => ViolationResponse, { optional: true })
  readonly errors?: readonly ViolationResponse[];
}

/** What an import did, or would do. */
export class ImportResponse {
  @YesNo()
  readonly dry_run!: boolean;

  @Whole({ min: 0 })
  readonly created!: number;

  @Whole({ min: 0 })
  readonly updated!: number;

  @Whole({ min: 0 })
  readonly unchanged!: number;

  @Whole({ min: 0, description: 'Only with mode=replace, and only without mistakes.' })
  readonly deleted!: number;

  @Whole({ min: 0, description: 'Lines that could not be taken.' })
  readonly failed!: number;

  @ListOf(() => ImportMistake, { description: 'At most the first 1,000.' })
  readonly errors!: readonly ImportMistake[];
}
