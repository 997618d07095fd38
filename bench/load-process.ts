import autocannon from 'autocannon';
import type { Load, LoadReport } from './load.js';

process.once('message', (load: Load) => {
  void run(load).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit());

async function run({
  url,
  connections,
  seconds,
  creates,
  questions,
  dealt,
  headers,
  status,
}: Load): Promise<LoadReport> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    pipelining: 1,
    ...(creates && { requests: [creation(creates)] }),
    ...(dealt && { requests: [deal(dealt, headers)] }),
    ...(questions && { requests: questions.map((body) => question(body, headers)) }),
  });
  const count = status === 304 ? result['3xx'] : result['2xx'];
  const answers = result['1xx'] + result['2xx'] + result['3xx'] + result['4xx'] + result['5xx'];
  return {
    count,
    requestsPerSecond: count / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failures: answers - count + result.errors + result.timeouts,
  };
}

/** Spread evenly over the tenants. */
function creation({ tenants, keyPrefix, value }: NonNullable<Load['creates']>): autocannon.Request {
  let count = 0;
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    setupRequest: (request) => {
      count += 1;
      const body = {
        tenant_id: `bench-${1 + (count % tenants)}`,
        key: `${keyPrefix}${count}`,
        value,
      };
      return { ...request, body: JSON.stringify(body) };
    },
  };
}

/** The next one, whoever asks. */
function deal(questions: readonly string[], headers: Load['headers']): autocannon.Request {
  let next = 0;
  return {
    ...question('', headers),
    setupRequest: (request) => ({ ...request, body: questions[next++ % questions.length] ?? '' }),
  };
}

function question(body: string, headers: Load['headers']): autocannon.Request {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
}
