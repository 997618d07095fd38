/** The field by which a change says why. */
export const REASON = {
  optional: true,
  nullable: true,
  max: 500,
  description: 'Why; kept in the history.',
} as const;
