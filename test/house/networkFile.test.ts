import { parseChainIds, parseNetworkFile } from '../../schema/networkFile';

const profiles = {
  'openledger-reference': { contracts: { DatanetRegistry: [], RewardLedger: [] } },
  'openledger-public': { contracts: { CreditManager: [], OpenToken: [] } },
};
const address = '0x6a2dbd72ad8441a57f6a98521d1fee199be22d15';
/** What a network file writes to name an environment variable. */
const named = (variable: string) => ['$', '{', variable, '}'].join('');
const contract = { profile: 'openledger-public', contract: 'CreditManager', address };
const chain = { chainId: 1612, name: 'openledger', rpc: ['https://rpc.example'], contracts: [contract] };
const parse = (json: unknown, env = {}) => parseNetworkFile(json, env, profiles);
const withChain = (change: object) => ({ chains: [{ ...chain, ...change }] });
const withContract = (change: object) => withChain({ contracts: [{ ...contract, ...change }] });

test('fills in the defaults', () => {
  expect(parse({ chains: [chain] })).toEqual({
    chains: [
      {
        chainId: 1612,
        name: 'openledger',
        rpc: ['https://rpc.example'],
        startBlock: 0,
        finality: { tag: 'finalized' },
        pollMs: 1000,
        nativeToken: { symbol: 'ETH', decimals: 18 },
        contracts: [{ ...contract, startBlock: 0 }],
        quorumDepth: 12,
        verify: { history: 'bloom', requestsPerSecond: 5 },
      },
    ],
  });
});

test('takes every key, addresses in either case, one address with several contracts', () => {
  const file = parse(
    withChain({
      rpc: [named('HTTP_RPC'), `wss://rpc.example/${named('KEY')}`],
      startBlock: 5,
      finality: { depth: 32 },
      pollMs: 250,
      nativeToken: { symbol: 'OPEN', decimals: 18 },
      contracts: [
        { ...contract, address: '0xA227Cc36938f0c9E09CE0e64dfab226cad739447', startBlock: 9 },
        { ...contract, contract: 'OpenToken', address: '0xA227CC36938F0C9E09CE0E64DFAB226CAD739447' },
      ],
      quorumDepth: 3,
      verify: { history: 'receipts', requestsPerSecond: 0.5 },
      maxLogsRange: 1000,
    }),
    { HTTP_RPC: 'http://127.0.0.1:8545', KEY: 'secret' },
  );
  expect(file.chains[0]).toMatchObject({
    rpc: ['http://127.0.0.1:8545', 'wss://rpc.example/secret'],
    finality: { depth: 32 },
    maxLogsRange: 1000,
    contracts: [
      { address: '0xa227cc36938f0c9e09ce0e64dfab226cad739447', startBlock: 9 },
      { address: '0xa227cc36938f0c9e09ce0e64dfab226cad739447', startBlock: 5 },
    ],
  });
});

const refusals: [string, unknown, string][] = [
  ['no object', [], 'the network file: expected an object, got []'],
  ['no chains', {}, 'chains: expected a list, got nothing'],
  ['an empty list of chains', { chains: [] }, 'chains: expected at least one chain'],
  ['an unknown key', { chains: [chain], extra: 1 }, 'extra is not a known key; expected one of chains'],
  ['an unknown key of a chain', withChain({ rcp: [] }), 'chains[0].rcp is not a known key'],
  ['an unknown key of a contract', withContract({ adress: '' }), 'chains[0].contracts[0].adress is not a known key'],
  [
    'a chain id as text',
    withChain({ chainId: '1612' }),
    'chains[0].chainId: expected a whole number from 1 to 2147483647, got "1612"',
  ],
  [
    'a chain twice',
    { chains: [chain, { ...chain, name: 'b' }] },
    'chains[1].chainId: expected a chain that is not listed yet, got "1612"',
  ],
  [
    'a name twice',
    { chains: [chain, { ...chain, chainId: 2 }] },
    'chains[1].name: expected a name that no other chain has',
  ],
  ['an empty name', withChain({ name: ' ' }), 'chains[0].name: expected a text'],
  ['no endpoint', withChain({ rpc: [] }), 'chains[0].rpc: expected at least one URL'],
  [
    'an endpoint that is no URL',
    withChain({ rpc: ['x', 'y'] }),
    'chains[0].rpc[0]: expected an http, https, ws or wss URL',
  ],
  [
    'an unset variable',
    withChain({ rpc: [named('NO_RPC')] }),
    `chains[0].rpc[0]: expected the environment variable NO_RPC to be set, got "${named('NO_RPC')}"`,
  ],
  [
    'a negative start',
    withChain({ startBlock: -1 }),
    'chains[0].startBlock: expected a whole number of at least 0, got -1',
  ],
  [
    'both kinds of finality',
    withChain({ finality: { tag: 'finalized', depth: 1 } }),
    'chains[0].finality: expected {"tag": "finalized"} or {"depth": n}',
  ],
  ['another tag', withChain({ finality: { tag: 'safe' } }), 'chains[0].finality.tag: expected "finalized", got "safe"'],
  [
    'a depth of zero',
    withChain({ finality: { depth: 0 } }),
    'chains[0].finality.depth: expected a whole number of at least 1',
  ],
  [
    'a broken interval',
    withChain({ pollMs: 1.5 }),
    'chains[0].pollMs: expected a whole number of at least 10, got 1.5',
  ],
  [
    'a token without a symbol',
    withChain({ nativeToken: {} }),
    'chains[0].nativeToken.symbol: expected a text, got nothing',
  ],
  [
    'too many decimals',
    withChain({ nativeToken: { symbol: 'A', decimals: 256 } }),
    'chains[0].nativeToken.decimals: expected a whole number from 0 to 255',
  ],
  [
    'an unknown profile',
    withContract({ profile: 'x' }),
    'chains[0].contracts[0].profile: expected one of openledger-reference, openledger-public, got "x"',
  ],
  [
    'an unknown contract',
    withContract({ contract: 'DatanetRegistry' }),
    'chains[0].contracts[0].contract: expected one of CreditManager, OpenToken, got "DatanetRegistry"',
  ],
  [
    'a short address',
    withContract({ address: '0x12' }),
    'chains[0].contracts[0].address: expected an address (0x and 40 hex digits), got "0x12"',
  ],
  [
    'a wrong checksum',
    withContract({ address: '0xa227Cc36938f0c9E09CE0e64dfab226cad739447' }),
    'chains[0].contracts[0].address: expected an address with a valid checksum (0xA227Cc36938f0c9E09CE0e64dfab226cad739447)',
  ],
  [
    'two contracts of a kind',
    withChain({ contracts: [contract, { ...contract, address: `0x${'1'.repeat(40)}` }] }),
    'chains[0].contracts[1].contract: expected one contract of each kind on a chain, got "CreditManager"',
  ],
  ['no contracts', withChain({ contracts: [] }), 'chains[0].contracts: expected at least one contract'],
  [
    'an unknown check',
    withChain({ verify: { history: 'all' } }),
    'chains[0].verify.history: expected one of receipts, bloom, off',
  ],
  [
    'no requests',
    withChain({ verify: { requestsPerSecond: 0 } }),
    'chains[0].verify.requestsPerSecond: expected a number above 0',
  ],
  [
    'a quorum depth of zero',
    withChain({ quorumDepth: 0 }),
    'chains[0].quorumDepth: expected a whole number of at least 1',
  ],
  ['a range of zero', withChain({ maxLogsRange: 0 }), 'chains[0].maxLogsRange: expected a whole number of at least 1'],
];

test.each(refusals)('refuses %s', (_, json, message) => {
  expect(() => parse(json)).toThrow(
    expect.objectContaining({ code: 'CONFIG', message: expect.stringContaining(message) }),
  );
});

test('a message never shows what an environment variable holds', () => {
  expect(() => parse(withChain({ rpc: [named('KEY')] }), { KEY: 'secret' })).toThrow(
    `chains[0].rpc[0]: expected an http, https, ws or wss URL, got "${named('KEY')}"`,
  );
});

test('who needs the chains alone reads them without the keys of their endpoints', () => {
  expect(parseChainIds(withChain({ rpc: [named('KEY')] }))).toEqual([1612]);
  for (const [json, message] of [
    [{ chains: [] }, 'chains: expected at least one chain'],
    [
      { chains: [{ ...chain, chainId: '1' }] },
      'chains[0].chainId: expected a whole number from 1 to 2147483647, got "1"',
    ],
  ] as const) {
    expect(() => parseChainIds(json)).toThrow(
      expect.objectContaining({ code: 'CONFIG', message: expect.stringContaining(message) }),
    );
  }
});
