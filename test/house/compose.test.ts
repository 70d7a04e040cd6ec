import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import packageFile from '../../package.json';
import { parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import composeSchema from './compose-spec.json';

interface Compose {
  services: Record<string, { command?: string[]; environment?: Record<string, string>; depends_on?: object }>;
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose;

test('docker-compose.yml follows the compose specification', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const valid = ajv.compile({ ...composeSchema, $schema: undefined });
  valid(compose);
  expect(valid.errors ?? []).toEqual([]);
});

test('docker-compose.yml runs Postgres, Redis and the three parts, each as its npm script does', () => {
  const { postgres, redis, migrate, indexer, worker, api } = compose.services;
  expect([postgres, redis, migrate].every(Boolean)).toBe(true);
  for (const part of [indexer, worker, api]) {
    expect(Object.values(packageFile.scripts)).toContain(part?.command?.join(' '));
    expect(part?.environment).toMatchObject({
      DATABASE_URL: expect.stringContaining('@postgres:5432'),
      REDIS_URL: 'redis://redis:6379',
    });
    for (const name of Object.keys(part?.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(name);
  }
});

const networkFiles = readdirSync('networks').filter((file) => file.endsWith('.json'));

test.each(networkFiles)('networks/%s is a valid network file', (file) => {
  const env = { OPENLEDGER_RPC: 'https://a.example', ETHEREUM_RPC: 'https://b.example', BSC_RPC: 'https://c.example' };
  const json: unknown = JSON.parse(readFileSync(path.join('networks', file), 'utf8'));
  expect(parseNetworkFile(json, env, profiles).chains.length).toBeGreaterThan(0);
});

test.each(networkFiles)('docker-compose.yml passes on the variables of networks/%s', (file) => {
  const names = [...readFileSync(path.join('networks', file), 'utf8').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  for (const part of ['indexer', 'worker']) {
    expect(Object.keys(compose.services[part]?.environment ?? {})).toEqual(expect.arrayContaining(names));
  }
});

test('every npm script of the contract is there', () => {
  const scripts = ['start', 'test', 'indexer', 'worker', 'api', 'migrate', 'reindex', 'doctor', 'bench', 'check'];
  expect(Object.keys(packageFile.scripts)).toEqual(expect.arrayContaining(scripts));
  expect(existsSync('.ci/run')).toBe(true);
});
