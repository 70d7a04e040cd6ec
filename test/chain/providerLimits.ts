/** What providers answer to an eth_getLogs that asks for too much, as it was seen, and the blocks that they allow. */
export const providerLimits: readonly { provider: string; message: string; blocks: number }[] = [
  { provider: 'Infura', message: 'range 1000000 exceeds limit of 10000', blocks: 10_000 },
  {
    provider: 'Infura, by logs',
    message: 'query returned more than 10000 results. Try with this block range [0x2710, 0x27ff].',
    blocks: 240,
  },
  {
    provider: 'Alchemy',
    message:
      'You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [0x123c9b2, 0x123cba5]',
    blocks: 500,
  },
  {
    provider: 'Alchemy, by size',
    message:
      'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x0, 0x63]',
    blocks: 100,
  },
  {
    provider: 'Alchemy, free',
    message:
      'Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. Upgrade to PAYG for expanded block range.',
    blocks: 10,
  },
  { provider: 'QuickNode', message: 'eth_getLogs is limited to a 10,000 range', blocks: 10_000 },
  { provider: 'QuickNode, trial', message: 'eth_getLogs is limited to a 5 range', blocks: 5 },
  { provider: '1RPC', message: 'eth_getLogs is limited to a 10000 blocks range', blocks: 10_000 },
  { provider: 'BlockPI', message: 'eth_getLogs is limited to 1024 block range', blocks: 1_024 },
  {
    provider: 'Blast, paid',
    message: 'eth_getLogs exceeds the range allowed for your plan (10001 > 5000)',
    blocks: 5_000,
  },
  { provider: 'Cloudflare', message: 'Max range: 800', blocks: 800 },
  { provider: 'cdk-erigon', message: 'block range too large, max range: 2000', blocks: 2_000 },
  {
    provider: 'Morph',
    message: 'block range is larger than max block range, block range = 5120, max block range = 5000',
    blocks: 5_000,
  },
  { provider: 'BNB Chain', message: 'exceed maximum block range: 2000', blocks: 2_000 },
  { provider: 'PublicNode', message: 'exceed maximum block range: 50000', blocks: 50_000 },
  { provider: 'Hyperliquid', message: 'query exceeds max block range 1000', blocks: 1_000 },
  { provider: 'Ankr', message: 'maximum [from, to] blocks distance: 3000', blocks: 3_000 },
  { provider: 'Moonbeam', message: 'block range is too wide (maximum 1024)', blocks: 1_024 },
  {
    provider: 'Avalanche',
    message: 'requested too many blocks from 1 to 5000, maximum is set to 2048',
    blocks: 2_048,
  },
  { provider: 'thirdweb', message: 'Maximum allowed number of requested blocks is 1000', blocks: 1_000 },
  { provider: 'Coinbase', message: 'please limit the query to at most 1000 blocks', blocks: 1_000 },
  { provider: 'dRPC', message: 'ranges over 10000 blocks are not supported on freetier', blocks: 10_000 },
  { provider: 'Tenderly', message: 'range 9009594 is bigger than range limit 2000', blocks: 2_000 },
  { provider: 'Swell', message: 'block range greater than 3000 max', blocks: 3_000 },
  { provider: 'Somnia', message: 'block range exceeds 1000', blocks: 1_000 },
  { provider: 'Besu', message: 'Requested range exceeds maximum range limit of 5000', blocks: 5_000 },
  { provider: 'Merkle', message: 'eth_getLogs range is too large, max is 10k blocks', blocks: 10_000 },
  { provider: 'Harmony', message: 'query must be smaller than size 1024', blocks: 1_024 },
  { provider: 'Aurora', message: 'You can make eth_getLogs requests with up to a 2000 block range', blocks: 2_000 },
  { provider: 'Chainstack', message: 'Block range limit exceeded. Maximum 100 blocks per request', blocks: 100 },
];

/** Refusals that say no number of blocks: by logs, bytes or time, or in words that nobody has heard before. */
export const unknownLimits: readonly string[] = [
  'query returned more than 10000 results',
  'query timeout exceeded. Consider reducing your block range.',
  'Log response size exceeded.',
  'block range is too wide',
  'Block range is too large',
  'block range too large',
  'Block range limit exceeded. See more details at https://docs.chainstack.com/docs/limits',
  'query exceeds max results 20000',
  'logs matched by query exceeds limit of 10000',
  'response size should not greater than 10000000 bytes',
  'backend response too large',
  'eth_getLogs: query resulted in too many logs',
  'Too many logs requested. Max logs per response is 20000',
  'request timed out',
  'context deadline exceeded',
  'limit exceeded',
  'Request exceeds defined limit',
  'unexpected failure of the third kind',
];

/** Refusals that a smaller range would meet as well. */
export const rateLimits: readonly string[] = [
  'Too Many Requests',
  'rate limit exceeded',
  'daily request count exceeded, request rate limited',
  'Your app has exceeded its compute units per second capacity.',
  'project ID request rate exceeded: 10 requests per second',
  '15/second request limit reached - reduce calls per second or upgrade your account',
  'Monthly quota exceeded',
  'You have been throttled',
];
