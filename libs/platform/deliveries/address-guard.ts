import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A host has no address that may be called. */
export class AddressNotAllowed extends Error {}

/** Where addresses of IPv6 are given out to be reached from everywhere (RFC 4291, 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** True for an address that anybody on the Internet may have, and false for those of our own network and this machine. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address); // An IPv4 address in the clothes of IPv6 is what it is.
  if (plain.range() !== 'unicast') return false;
  return plain.kind() === 'ipv4' || plain.match(GLOBAL_UNICAST);
}

/** Decides to which addresses the service connects when somebody else names the host. */
export class AddressGuard {
  constructor(private readonly scope: 'public' | 'any') {}

  /** False for a host that is an address, and one that is not allowed; a name is looked up to know. */
  admits({ hostname }: URL): boolean {
    const host = hostname.replace(/^\[|\]$/g, '');
    return isIP(host) === 0 || this.#isAllowed(host);
  }

  /**
   * Looks up a host for the connection itself, so that what was checked is what is connected to: a name that leads
   * elsewhere a moment later gains nothing.
   */
  readonly lookup: LookupFunction = (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) {
        done(error, []);
        return;
      }
      const allowed = found.filter(({ address }) => this.#isAllowed(address));
      const [first] = allowed;
      if (first === undefined) done(new AddressNotAllowed(), []);
      else if (options.all === true) done(null, allowed);
      else done(null, first.address, (first satisfies LookupAddress).family);
    });
  };

  #isAllowed(address: string): boolean {
    return this.scope === 'any' || isPublicAddress(address);
  }
}
