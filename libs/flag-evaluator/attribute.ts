/** Reads one attribute of a context: undefined when it is missing. */
export type AttributeReader = (context: unknown) => unknown;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own properties alone, so that `constructor` and `__proto__` are attributes only where somebody sent them. */
const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** Null and what JSON does not know (functions, symbols, big integers) count as missing. */
function present(value: unknown): unknown {
  if (value === null) return undefined;
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'object'
    ? value
    : undefined;
}

const keyReader =
  (name: string): AttributeReader =>
  (context) =>
    present(own(context, name));

const pathReader =
  (path: string, names: readonly string[]): AttributeReader =>
  (context) => {
    const literal = own(context, path);
    if (literal !== undefined) return present(literal);
    let value = context;
    for (let index = 0; index < names.length && value !== undefined; index++)
      value = own(value, names[index] ?? '');
    return present(value);
  };

/** Thousands of conditions ask for a few attributes: they share a reader. Bounded, and forgetting costs memory alone. */
const readers = new Map<string, AttributeReader>();
const READERS_MAX = 1000;

/**
 * Compiles the path of an attribute. A literal key with dots wins over the path, even when it holds null. A path goes through
 * objects alone, not into lists.
 */
export function attributeReader(path: string): AttributeReader {
  const known = readers.get(path);
  if (known !== undefined) return known;
  const reader = path.includes('.') ? pathReader(path, path.split('.')) : keyReader(path);
  if (readers.size >= READERS_MAX) readers.clear();
  readers.set(path, reader);
  return reader;
}
