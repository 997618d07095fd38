export { KinesisModule } from './kinesis.module.js';
