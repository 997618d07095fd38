export { AppSettings, ConfigModule } from './config.module.js';
export { environmentVariable, isOwnVariable } from './environment.js';
export { explainStartFailure } from './start-failure.js';
export { isLoopback, readSettings, SettingsInvalid } from './settings.js';
export type { AppEnv, LogLevel, Settings } from './settings.js';
