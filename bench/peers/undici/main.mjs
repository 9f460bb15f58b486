// undici's Client: one connection, so many requests pipelined as are in flight. A PATCH is pipelined only when it is
// called idempotent. With `--pool` its Pool, a connection for each in flight. Its HTTP/2 is left alone: it sends no more
// requests with bodies at a time than it has connections.
import {readFileSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {Client, Pool} from 'undici';

const token = 'VENICE-ADMIN-bench-0123456789abcdef0123456789abcdef';

const {values: options} = parseArgs({
  options: {
    host: {type: 'string', default: 'localhost'},
    port: {type: 'string', default: '443'},
    ca: {type: 'string'},
    updates: {type: 'string', default: '20000'},
    'warm-up': {type: 'string', default: '2000'},
    settle: {type: 'string', default: '0ms'},
    'in-flight': {type: 'string', default: '32'},
    pool: {type: 'boolean', default: false},
  },
});
const inFlight = Number(options['in-flight']);

const origin = `https://${options.host}:${options.port}`;
const shared = {
  connect: {ca: readFileSync(options.ca), minVersion: 'TLSv1.3'},
  headersTimeout: 30_000,
  bodyTimeout: 30_000,
};
const client = options.pool ? new Pool(origin, {...shared, pipelining: 1, connections: inFlight}) :
                              new Client(origin, {...shared, pipelining: inFlight});
const ids = Array.from(
    {length: Math.max(256, inFlight)}, (_, i) => `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`);
const headers = {
  accept: 'application/json',
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  'user-agent': 'undici',
};

function text(value) {
  if (typeof value !== 'string') throw new Error('not a text');
  return value;
}
function orNull(value, type) {
  if (value !== null && typeof value !== type) throw new Error(`neither a ${type} nor null`);
  return value;
}
function readKey(body) {
  const {data, success} = JSON.parse(body);
  if (success !== true) throw new Error('success is not true');
  return {
    id: text(data.id),
    type: text(data.apiKeyType),
    usd: orNull(data.consumptionLimits.usd, 'number'),
    diem: orNull(data.consumptionLimits.diem, 'number'),
    vcu: orNull(data.consumptionLimits.vcu, 'number'),
    limitPeriod: text(data.limitPeriod),
    modelPrivacy: text(data.modelPrivacy),
    description: text(data.description),
    last6Chars: text(data.last6Chars),
    createdAt: orNull(data.createdAt, 'string'),
    expiresAt: orNull(data.expiresAt, 'string'),
    lastUsedAt: orNull(data.lastUsedAt, 'string'),
  };
}

async function update(id) {
  const body = JSON.stringify({
    id,
    consumptionLimit: {usd: 50, diem: null},
    limitPeriod: 'MONTH',
    description: 'tenant 42',
    expiresAt: null,
  });
  const answer =
      await client.request({path: '/api/v1/api_keys', method: 'PATCH', headers, body, idempotent: true, blocking: false});
  if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
  if (readKey(await answer.body.text()).id !== id)
    throw new Error('an answer is about another key than was asked for');
}

// Sends so many and returns how long each took, in microseconds.
async function run(updates) {
  const latencies = new Float64Array(updates);
  let next = 0;
  const oneAfterTheOther = async () => {
    while (next < updates) {
      const at = next++;
      const began = process.hrtime.bigint();
      await update(ids[at % ids.length]);
      latencies[at] = Number(process.hrtime.bigint() - began) / 1000;
    }
  };
  await Promise.all(Array.from({length: inFlight}, oneAfterTheOther));
  return latencies;
}

try {
  await run(Number(options['warm-up']));
  await setTimeout(parseFloat(options.settle));
  const before = process.cpuUsage();
  const began = process.hrtime.bigint();
  const latencies = await run(Number(options.updates));
  const wall = Number(process.hrtime.bigint() - began) / 1000;
  const cpu = process.cpuUsage(before);
  const all = process.cpuUsage();
  const endedAt = Math.round((performance.timeOrigin + performance.now()) * 1000);
  await client.close();
  latencies.sort();
  const at = (part) => Number(latencies[Math.floor(part * (latencies.length - 1))].toFixed(1));
  console.log(JSON.stringify({
    program: 'undici',
    ok: latencies.length,
    cpu_us: cpu.user + cpu.system,
    wall_us: Math.round(wall),
    rss_kb: process.resourceUsage().maxRSS,
    p50_us: at(0.5),
    p99_us: at(0.99),
    cpu_all_us: all.user + all.system,
    ended_at_us: endedAt,
  }));
} catch (failure) {
  console.error(`undici: ${failure.message}`);
  process.exit(1);
}
