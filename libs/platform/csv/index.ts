export { writeCsvRow } from './csv.js';
export { readCsvRecords, readManyCsvRecords } from './csv-records.js';
export type { CsvRecord } from './csv-records.js';
