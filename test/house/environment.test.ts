import path from 'node:path';
import { parseEnvironment } from '../../start/environment';

const parse = (env: Record<string, string>) => parseEnvironment(env, false);

test('an empty environment gives the documented defaults', () => {
  expect(parse({ NETWORKS: '', PORT: ' ' })).toEqual({
    dataDir: path.resolve('.data'),
    port: 4000,
    host: '127.0.0.1',
    demo: { seed: 1, events: 5000, live: true },
    log: { level: 'info', format: 'json' },
    trustProxy: [],
    rateLimit: 600,
    maxSocketsPerAddress: 20,
    maxConnectionsPerAddress: 200,
    apiDatabaseConnections: 8,
    queryTimeoutMs: 5000,
    changesRetentionMs: 7 * 86_400_000,
  });
  expect(parseEnvironment({}, true).log.format).toBe('pretty');
});

test('every variable is read', () => {
  const env = {
    NETWORKS: 'networks/local.json',
    DATABASE_URL: 'postgres://a/b',
    DATABASE_REPLICA_URL: 'postgresql://c/d',
    API_DATABASE_URL: 'postgresql://e/f',
    REDIS_URL: 'rediss://g',
    DATA_DIR: '/var/data',
    PORT: '0',
    HOST: '0.0.0.0',
    DEMO_SEED: '7',
    DEMO_EVENTS: '100',
    DEMO_LIVE: 'off',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'pretty',
    TRUST_PROXY: '10.0.0.0/8, ::1',
    RATE_LIMIT: 'off',
    MAX_SOCKETS_PER_ADDRESS: '5',
    MAX_CONNECTIONS_PER_ADDRESS: '6',
    API_DATABASE_CONNECTIONS: '12',
    QUERY_TIMEOUT_MS: '100',
    CHANGES_RETENTION: '12h',
    IPFS_GATEWAY: 'https://ipfs.example',
  };
  expect(parse(env)).toEqual({
    networks: 'networks/local.json',
    databaseUrl: 'postgres://a/b',
    replicaUrl: 'postgresql://c/d',
    apiDatabaseUrl: 'postgresql://e/f',
    redisUrl: 'rediss://g',
    dataDir: '/var/data',
    port: 0,
    host: '0.0.0.0',
    demo: { seed: 7, events: 100, live: false },
    log: { level: 'warn', format: 'pretty' },
    trustProxy: ['10.0.0.0/8', '::1'],
    rateLimit: undefined,
    maxSocketsPerAddress: 5,
    maxConnectionsPerAddress: 6,
    apiDatabaseConnections: 12,
    queryTimeoutMs: 100,
    changesRetentionMs: 43_200_000,
    ipfsGateway: 'https://ipfs.example',
  });
});

test.each([
  ['DATABASE_URL', 'mysql://user:secret@a/b', 'expected a URL that starts with postgres:// or postgresql://.'],
  ['REDIS_URL', '127.0.0.1:6379', 'expected a URL that starts with redis:// or rediss://.'],
  ['PORT', '65536', 'expected a whole number from 0 to 65535, got "65536".'],
  ['PORT', '1e3', 'expected a whole number from 0 to 65535, got "1e3".'],
  ['API_DATABASE_CONNECTIONS', '1', 'expected a whole number from 2 to 1000, got "1".'],
  ['DEMO_LIVE', 'no', 'expected one of on, off, got "no".'],
  ['LOG_LEVEL', 'loud', 'expected one of fatal, error, warn, info, debug, trace, silent, got "loud".'],
  ['RATE_LIMIT', '0', 'expected a whole number of at least 1, or off, got "0".'],
  ['CHANGES_RETENTION', '7', 'expected a duration such as 12h or 7d, got "7".'],
  ['CHANGES_RETENTION', '0d', 'expected a duration such as 12h or 7d, got "0d".'],
  ['TRUST_PROXY', 'nginx', 'expected addresses or networks, separated by commas, got "nginx".'],
  ['TRUST_PROXY', '10.0.0.0/33', 'expected addresses or networks, separated by commas, got "10.0.0.0/33".'],
])('%s=%s is refused', (name, value, message) => {
  expect(() => parse({ [name]: value })).toThrow(
    expect.objectContaining({ code: 'CONFIG', message: `${name}: ${message}` }),
  );
});
