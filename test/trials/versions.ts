/** Of each aggregate its versions, in the order in which they come. */
export function versionsBy(
  changes: readonly { readonly id: string; readonly version: number }[],
): Map<string, number[]> {
  const versions = new Map<string, number[]>();
  for (const { id, version } of changes) {
    const known = versions.get(id);
    if (known) known.push(version);
    else versions.set(id, [version]);
  }
  return versions;
}
