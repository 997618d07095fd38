import type { Brand } from '#shared-kernel';

/** An alphabetic code of ISO 4217, for example `EUR`. */
export type CurrencyCode = Brand<string, 'CurrencyCode'>;

/** An amount of one currency, in its minor units. */
export interface Money {
  readonly minor: bigint;
  readonly currency: CurrencyCode;
}
