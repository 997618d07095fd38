import { isUtf8 } from 'node:buffer';
import { InvalidInput } from '#shared-kernel';

const BYTE_ORDER_MARK = '\uFEFF';
const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

/**
 * The text of a JSON body. Nothing is replaced silently; a byte order mark is ignored, as RFC 8259 section
 * 8.1 allows.
 * @throws InvalidInput `invalid_utf8`, with the offset of the first byte that is not UTF-8.
 */
export function decodeUtf8(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    const detail = `The body is not UTF-8 from byte offset ${firstInvalidByte(bytes, text)} on.`;
    throw InvalidInput.at('', 'invalid_utf8', detail);
  }
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Decoding put a replacement character in place of it: the first one that was not sent as such. */
function firstInvalidByte(bytes: Buffer, text: string): number {
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf(REPLACEMENT, from);
    offset += Buffer.byteLength(text.slice(from, at));
    if (!bytes.subarray(offset, offset + 3).equals(REPLACEMENT_BYTES)) return offset;
    offset += REPLACEMENT_BYTES.length;
    from = at + 1;
  }
}
