import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { parseJson } from '#platform/http';
import type { ConfigurationDocument } from '../application/configuration-transfer.service.js';
import { contentOf } from '../domain/configuration.js';
import type { JsonObject } from '../domain/json.js';
import { ConfigurationBodies } from './configuration-bodies.js';
import type { Bounds } from './configuration-document.js';
import { placed } from './configuration-document.js';
import { gather } from './formats/flat-tree.js';
import type { FlatReading } from './formats/flat.js';

const SCOPE = ['service_id', 'name', 'environment'] as const;

/** From flat texts to the values of one configuration; everything that is wrong is told together, each with its line. */
@Injectable()
export class FlatImport {
  constructor(private readonly bodies: ConfigurationBodies) {}

  /** The values are replaced; everything else stays as it is. @throws InvalidInput */
  async read(
    reading: FlatReading,
    { tenant, within }: Bounds,
  ): Promise<Pick<ConfigurationDocument, 'configurations' | 'tenant'>> {
    const document = gather(reading.lines);
    const mistakes = [...missing(within), ...reading.violations, ...document.violations];
    if (mistakes.length > 0) throw new InvalidInput(mistakes);
    const withLine = (violation: Violation): Violation => {
      const line = document.lineOf(violation.pointer);
      return line === null ? violation : { ...violation, line };
    };
    const checked = await toldWith(withLine, async () => {
      const { values } = document;
      parseJson(JSON.stringify({ values })); // What JSON refuses has no other way in.
      return this.bodies.toNew({ ...within, values, tenant_id: tenant });
    });
    const imported = {
      ...{ pointer: '', scope: checked.scope, schema: undefined, newId: checked.id },
      content: (stored: Parameters<typeof contentOf>[0] | null) => ({
        ...(stored ? contentOf(stored) : checked.content),
        values: checked.content.values as JsonObject,
        isActive: true,
      }),
      placeOf: (pointer: string) => pointer,
      violationsOf: (error: Parameters<typeof placed>[0]) =>
        placed(error, (pointer) => pointer).map(withLine),
    };
    return { tenant, configurations: [imported] };
  }
}

/** @throws InvalidInput */
async function toldWith<T>(tell: (violation: Violation) => Violation, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.violations.map(tell));
  }
}

/** A flat text is one document, and does not say which. */
export const missing = (within: Bounds['within']): Violation[] =>
  SCOPE.filter((name) => within[name] === undefined).map((name) => ({
    pointer: `/${name}`,
    code: 'required',
    detail: 'A flat format is one document: say which.',
  }));
