import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Envelope } from './envelope.js';
import { KeyWrapper } from './key-wrapper.js';

/** Envelope encryption, everywhere. */
@Global()
@Module({})
export class CryptoModule {
  static with(keys: KeyWrapper): DynamicModule {
    return {
      module: CryptoModule,
      providers: [
        { provide: KeyWrapper, useValue: keys },
        { provide: Envelope, useValue: new Envelope(keys) },
      ],
      exports: [KeyWrapper, Envelope],
    };
  }
}
