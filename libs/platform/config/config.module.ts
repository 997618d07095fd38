import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Settings } from './settings.js';

/** Injection token of the settings; use it as a type too. */
export abstract class AppSettings {}
// A class and an interface of one name: the class is the token, the interface gives it the settings' properties.
export interface AppSettings extends Settings {}

/** The settings, everywhere. */
@Global()
@Module({})
export class ConfigModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: AppSettings, useValue: settings }],
      exports: [AppSettings],
    };
  }
}
