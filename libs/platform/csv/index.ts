export { writeCsvRow } from './csv.js';
export { readCsvRecords } from './csv-records.js';
export type { CsvRecord } from './csv-records.js';
