/** MurmurHash3_x86_32 with seed 0, word by word as its author wrote it down: slow, and plain to compare with. */
export function murmur3OfBytes(bytes: Uint8Array): number {
  const scramble = (word: number): number => {
    const product = Math.imul(word, 0xcc9e2d51);
    return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
  };
  const wordAt = (start: number): number =>
    [0, 1, 2, 3].reduce((word, index) => word | ((bytes[start + index] ?? 0) << (8 * index)), 0);
  const whole = bytes.length - (bytes.length % 4);
  let hash = 0;
  for (let start = 0; start < whole; start += 4) {
    hash ^= scramble(wordAt(start));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (whole < bytes.length) hash ^= scramble(wordAt(whole));
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
