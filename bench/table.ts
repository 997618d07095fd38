import { judgedValue, reaches } from './row.js';
import type { Figure, LeftOut } from './row.js';

const HEADINGS = ['work', 'measured', 'yardstick', 'ratio', 'bar', ''];
const HUNDRED = 100;
const THOUSAND = 1_000;

/** The results for a person, in columns. */
export function tableOf(results: readonly (Figure | LeftOut)[]): string {
  const lines = [HEADINGS, ...results.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const [headings = '', ...rows] = lines.map(format);
  const notes = results
    .filter((result) => 'leftOut' in result)
    .map((each) => `${each.work}: ${each.leftOut}`);
  return [headings, rule.trimEnd(), ...rows, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function cellsOf(result: Figure | LeftOut): string[] {
  if ('leftOut' in result) return [result.work, '-', '-', '-', '-', 'left out'];
  const { work, unit, measured, yardstick, bar } = result;
  const isRate = bar.kind === 'at least';
  const judged = (value: number): string => {
    if (yardstick === null) return `${shown(value)} ${unit}`;
    return isRate ? `${Math.round(value * HUNDRED)} %` : `${value.toFixed(2)}x`;
  };
  return [
    work,
    `${shown(measured)} ${unit}`,
    yardstick === null ? '-' : `${shown(yardstick)} ${unit}`,
    yardstick === null ? '-' : judged(judgedValue(result)),
    `${isRate ? '>=' : '<='} ${judged(bar.value)}`,
    reaches(result) ? 'reached' : 'missed',
  ];
}

/** Three or four digits that count. */
function shown(value: number): string {
  if (value >= THOUSAND) return Math.round(value).toLocaleString('en-US');
  return String(Number(value >= HUNDRED ? value.toFixed(1) : value.toPrecision(3)));
}
