import { allRows, ask, ExplainReward, pages, Rewards } from '.';

/** Who paid an account, why, and how much of it in all; the example of README.md. */
export async function paidTo(url: string, address: string): Promise<{ lines: string[]; total: bigint }> {
  // Everything an account was promised, as of one block: money that is added up must not be of two states.
  const { rows, block } = await allRows({
    url,
    document: Rewards,
    variables: { first: 100, where: { beneficiary: { eq: address } } },
    list: ({ rewards }) => rewards,
  });
  const lines = rows.map(({ amount, inference }) => `${amount.amount} ${amount.token.symbol} for ${inference?.id}`);
  const total = rows.reduce((sum, { amount }) => sum + BigInt(amount.amount), 0n);
  lines.push(`as of block ${block.number}`);

  // Page by page, for a list that is longer than the memory. A page of a higher walk begins anew, after a reorg.
  let walk = 0;
  for await (const page of pages({ url, document: Rewards, list: ({ rewards }) => rewards, at: 'finalized' })) {
    if (page.walk > walk) lines.push('a reorg: what was read so far no longer holds');
    walk = page.walk;
  }

  // Errors are values; `query` is the same and throws them.
  const answer = await ask(url, ExplainReward, { id: rows[0]?.id ?? '' });
  if (answer.ok) lines.push(answer.data.explainReward?.summary ?? 'there is no such reward');
  else lines.push(`${answer.error.code} ${answer.error.argument}: ${answer.error.message}`);
  return { lines, total };
}
