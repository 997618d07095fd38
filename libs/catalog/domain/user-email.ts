import { InvalidInput, lengthOf } from '#shared-kernel';

/** RFC 5321, 4.5.3.1: what fits into a path, without its angle brackets. */
export const EMAIL_LENGTH_MAX = 254;
const LOCAL_LENGTH_MAX = 64;
const LABEL_LENGTH_MAX = 63;
/** White space, control characters, and what separates addresses from each other and from names. */
const OUTSIDE = /[\s\p{Cc}\p{Cf}<>,;:"()[\]\\]/u;

/**
 * Whether it looks like the address of a mailbox. A sane check and no more: whether mail arrives only mail can tell.
 */
export function isEmail(text: string): boolean {
  if (lengthOf(text) > EMAIL_LENGTH_MAX || OUTSIDE.test(text)) return false;
  const at = text.indexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || local.length > LOCAL_LENGTH_MAX || domain.includes('@')) return false;
  return domain
    .split('.')
    .every((label) => label !== '' && label.length <= LABEL_LENGTH_MAX && !/^-|-$/.test(label));
}

/** @throws InvalidInput */
export function checkedEmail(text: string): string {
  if (isEmail(text)) return text;
  const detail = `It is an address of at most ${EMAIL_LENGTH_MAX} characters, for example ada@example.com.`;
  throw InvalidInput.at('/email', 'email', detail);
}

/** By which two addresses are one: mailboxes are told apart by nobody by upper and lower case. */
export const emailKey = (email: string): string => email.toLowerCase();
