/**
 * The engine writes code that notes which properties were looked at. Where `oneOf` or `anyOf` stand beside
 * `patternProperties`, and a branch with `unevaluatedProperties` did not match, there is nothing yet to note them in, and where
 * one did, there is nothing to add: either was an error when a document came.
 */
export function notingEvaluated(code: string): string {
  return code.replaceAll(
    /\b(props\d+)\[(\w+)\] = true;/g,
    (_, props: string, key: string) => `if(${props} !== true)(${props} ||= {})[${key}] = true;`,
  );
}
