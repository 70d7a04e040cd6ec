/**
 * What providers say when an eth_getLogs asks for too much, each as it was seen. The group is the number of blocks that
 * they allow; without one, only that less is wanted is known.
 */
const LIMITS: readonly { of: string; says: RegExp }[] = [
  { of: 'Infura', says: /range \d+ exceeds limit of (\d[\d,.]*k?)/i },
  { of: 'Tenderly', says: /bigger than range limit (\d[\d,.]*k?)/i },
  { of: 'Alchemy', says: /up to an? (\d[\d,.]*k?) block range/i },
  { of: 'QuickNode, 1RPC, Blast', says: /limited to an? (\d[\d,.]*k?)/i },
  { of: 'BlockPI, dRPC', says: /limited to (\d[\d,.]*k?) ?blocks?/i },
  { of: 'Blast, paid', says: /exceeds the range allowed for your plan \(\d+ > (\d[\d,.]*k?)\)/i },
  { of: 'Cloudflare, cdk-erigon', says: /max(?:imum)?(?: block)? range(?: is| of)?:? ?(\d[\d,.]*k?)/i },
  { of: 'Scroll, Morph', says: /max block range ?= ?(\d[\d,.]*k?)/i },
  { of: 'Hyperliquid, LlamaRPC', says: /exceeds? max(?:imum)? block range:? (\d[\d,.]*k?)/i },
  { of: 'Ankr', says: /blocks distance: (\d[\d,.]*k?)/i },
  { of: 'Avalanche', says: /requested too many blocks from \d+ to \d+, maximum is set to (\d[\d,.]*k?)/i },
  { of: 'thirdweb', says: /allowed number of requested blocks is (\d[\d,.]*k?)/i },
  { of: 'Coinbase', says: /limit the query to at most (\d[\d,.]*k?) blocks/i },
  { of: 'dRPC', says: /ranges over (\d[\d,.]*k?) blocks are not supported/i },
  { of: 'Moonbeam', says: /block range is too wide \(maximum (\d[\d,.]*k?)\)/i },
  { of: 'Swell', says: /block range greater than (\d[\d,.]*k?) max/i },
  {
    of: 'Somnia, Besu, Nethermind',
    says: /block range exceeds (?:the )?(?:max(?:imum)? )?(?:limit )?(?:of )?(\d[\d,.]*k?)/i,
  },
  { of: 'Harmony', says: /query must be smaller than size (\d[\d,.]*k?)/i },
  { of: 'Merkle', says: /range is too large, max is (\d[\d,.]*k?) blocks/i },
  { of: 'Besu', says: /requested range exceeds maximum range limit.*?(\d[\d,.]*k?)/i },
  { of: 'Chainstack', says: /block range limit.*?(\d[\d,.]*k?) blocks/i },
];

/** Ranges that a provider proposes: Infura, Alchemy, zkSync. */
const PROPOSED = /block range(?: should work)?:? ?\[(0x[\da-f]+), ?(0x[\da-f]+)\]/i;

/**
 * The number of blocks that a refusal of eth_getLogs allows, as far as it says one.
 * @param message what the node answered
 */
export function allowedBlocks(message: string): number | undefined {
  const proposed = PROPOSED.exec(message);
  if (proposed) return positive(Number(proposed[2]) - Number(proposed[1]) + 1);
  for (const { says } of LIMITS) {
    const found = says.exec(message)?.[1];
    if (found) return positive(numberOf(found));
  }
  return undefined;
}

/** 10000, 10,000, 10.000 and 10k are one number. */
function numberOf(text: string): number {
  const digits = Number(text.replace(/\D/g, ''));
  return /k$/i.test(text) ? digits * 1_000 : digits;
}

function positive(number: number): number | undefined {
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
