import { Choice, ListOf, Text, Whole, YesNo } from '#platform/http';

/** Something that is wrong with a line. */
export class DeviceImportMistake {
  @Whole({ min: 1, description: 'The line of the text; in a list of JSON the item, from 1.' })
  readonly line!: number;

  @Text({ description: 'JSON Pointer into the device.', example: '/mac_address' })
  readonly pointer!: string;

  @Text({ example: 'pattern' })
  readonly code!: string;

  @Text()
  readonly detail!: string;
}

/** What an import did, or would do. */
export class DeviceImportResponse {
  @YesNo()
  readonly dry_run!: boolean;

  @Choice(['partial', 'atomic'])
  readonly mode!: string;

  @Whole({ min: 0 })
  readonly created!: number;

  @Whole({ min: 0 })
  readonly updated!: number;

  @Whole({ min: 0 })
  readonly unchanged!: number;

  @Whole({ min: 0, description: 'Devices that could not be taken.' })
  readonly failed!: number;

  @ListOf(() => DeviceImportMistake, { description: 'At most the first 1,000.' })
  readonly errors!: readonly DeviceImportMistake[];
}
