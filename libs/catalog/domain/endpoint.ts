import type { Violation } from '#shared-kernel';
import { schemeOf } from './link.js';

/** Where a resource is reached: by a URL, or by host, port and protocol. */
export interface Endpoint {
  /** Unique within the resource; it stands in paths. */
  readonly name: string;
  readonly url: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly protocol: string | null;
  readonly visibility: Visibility;
}

export const VISIBILITIES = ['internal', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const ENDPOINTS_MAX = 50;
export const ENDPOINT_NAME_LENGTH_MAX = 63;
export const HOST_LENGTH_MAX = 253;
export const PROTOCOL_LENGTH_MAX = 20;
const PORT_MAX = 65_535;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const PROTOCOL = /^[a-z][a-z0-9+.-]*$/;
const HOST_PART = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const NUMBERS_ONLY = /^[0-9.]+$/;
const IPV6 = /^[0-9A-Fa-f:.]+$/;
/** Nobody reaches anything by them. */
const NO_ADDRESSES = ['javascript', 'data', 'vbscript', 'blob', 'about'];

export const isEndpointName = (name: string): boolean =>
  name.length <= ENDPOINT_NAME_LENGTH_MAX && NAME.test(name);

/** Everything that is wrong with the endpoints of a resource, each mistake at its place. */
export function endpointsMistakes(endpoints: readonly Endpoint[]): Violation[] {
  if (endpoints.length > ENDPOINTS_MAX)
    return [wrong('/endpoints', 'too_many', `There are at most ${ENDPOINTS_MAX} endpoints.`)];
  const seen = new Set<string>();
  return endpoints.flatMap((endpoint, index) => {
    const isAgain = seen.has(endpoint.name);
    seen.add(endpoint.name);
    const place = `/endpoints/${index}`;
    const again = wrong(`${place}/name`, 'duplicate', 'Another endpoint of the resource has this name.');
    return [...(isAgain ? [again] : []), ...endpointMistakes(endpoint, place)];
  });
}

/** Everything that is wrong with one endpoint, which stands at this place. */
export function endpointMistakes(endpoint: Endpoint, place: string): Violation[] {
  const { name, url, host, port, protocol } = endpoint;
  const byParts = host !== null || port !== null || protocol !== null;
  const detail = 'It has at most 63 of letters, digits, - _ . and begins and ends with a letter or digit.';
  const named = isEndpointName(name) ? [] : [wrong(`${place}/name`, 'pattern', detail)];
  if (url !== null && byParts)
    return [...named, wrong(place, 'exclusive', 'It has a url, or host, port and protocol, and not both.')];
  return [...named, ...(url === null ? partMistakes(endpoint, place) : urlMistakes(url, place))];
}

function urlMistakes(url: string, place: string): Violation[] {
  const scheme = schemeOf(url);
  if (scheme !== null && !NO_ADDRESSES.includes(scheme)) return [];
  const detail = 'It is a whole URL, for example https://orders.example.com, without a password.';
  return [{ pointer: `${place}/url`, code: 'url', detail }];
}

function partMistakes({ host, port, protocol }: Endpoint, place: string): Violation[] {
  if (host === null && port === null && protocol === null)
    return [wrong(place, 'required', 'It has a url, or host, port and protocol.')];
  const missing = { host, port, protocol };
  const absent = Object.entries(missing).filter(([, value]) => value === null);
  return [
    ...absent.map(([name]) => wrong(`${place}/${name}`, 'required', 'It is required.')),
    ...(host === null || isHost(host)
      ? []
      : [wrong(`${place}/host`, 'pattern', 'It is a DNS name or an IP address.')]),
    ...(port === null || (port >= 1 && port <= PORT_MAX)
      ? []
      : [wrong(`${place}/port`, 'range', `A port is a whole number from 1 to ${PORT_MAX}.`)]),
    ...(protocol === null || (protocol.length <= PROTOCOL_LENGTH_MAX && PROTOCOL.test(protocol))
      ? []
      : [
          wrong(
            `${place}/protocol`,
            'pattern',
            `It has at most ${PROTOCOL_LENGTH_MAX} of a-z 0-9 + . - and begins with a letter.`,
          ),
        ]),
  ];
}

/** A DNS name, underscores taken as in names of services, or an address of IPv4 or IPv6. */
function isHost(host: string): boolean {
  if (host.length > HOST_LENGTH_MAX) return false;
  if (host.includes(':')) return IPV6.test(host) && URL.canParse(`http://[${host}]`);
  if (NUMBERS_ONLY.test(host)) return isIPv4(host);
  return host.split('.').every((part) => part.length <= 63 && HOST_PART.test(part));
}

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return (
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

const wrong = (pointer: string, code: string, detail: string): Violation => ({ pointer, code, detail });
