import { address, type FakeChain, log, openFakeChain, word } from './fakeChain';
import { type ApiHarness, type GraphQLAnswer, openApi } from './harness';
import { loopOnce, rewardFor } from './loop';

const DATANET = 'datanet:31337:1';
const earned = '{ earned { amount } }';

describe('asOf', () => {
  let api: ApiHarness;
  let chain: FakeChain;

  const open = async () => {
    api = await openApi({ queryTimeoutMs: 1500 });
    chain = await openFakeChain(api.database.pool);
    // Blocks 1 and 2, then a reward of 1 in 3, of 2 in 4, of 3 in 5, and one block without logs.
    await chain.extend([...loopOnce, ...[1n, 2n, 3n].map((amount) => [rewardFor(address(0xb1), amount)]), []]);
  };

  const code = ({ errors }: GraphQLAnswer) => errors?.map(({ extensions }) => extensions.code);
  const hashOf = async (number: number): Promise<string> => {
    const { rows } = await api.database.pool.query<{ hash: Buffer }>(
      'select hash from header where chain_id = 31337 and number = $1',
      [number],
    );
    return `0x${rows[0]?.hash.toString('hex')}`;
  };

  describe('of a chain that stands still', () => {
    beforeAll(open);
    afterAll(() => api.close());

    it('gives each root field its own block, and what is below it too', async () => {
      const { data, errors } = await api.ask(`{
        now: datanet(id: "${DATANET}") { earned { amount } contributions { nodes { contributor { id rewardTotals { accrued { amount } } } } } }
        early: datanet(id: "${DATANET}", asOf: { number: 3 }) { earned { amount } contributions { nodes { contributor { id rewardTotals { accrued { amount } } } } } }
        later: datanet(id: "${DATANET}", asOf: { number: 4 }) { earned { amount } contributions { nodes { contributor { id rewardTotals { accrued { amount } } } } } }
        never: datanet(id: "${DATANET}", asOf: { number: 0 }) ${earned}
        rewards(asOf: { number: 4 }, first: 1) { totalCount nodes { amount { amount } } }
      }`);
      expect(errors).toBeUndefined();
      const datanet = (amount: string) => ({
        earned: [{ amount }],
        contributions: {
          nodes: [{ contributor: { id: `account:${address(0xb1)}`, rewardTotals: { accrued: [{ amount }] } } }],
        },
      });
      expect(data).toEqual({
        now: datanet('6'),
        early: datanet('1'),
        later: datanet('3'),
        never: null,
        rewards: { totalCount: 2, nodes: [{ amount: { amount: '2' } }] },
      });
    });

    it('takes the hash of a block, of one without logs too', async () => {
      const { data, errors } = await api.ask(
        `query ($third: Hex!, $sixth: Hex!) {
          third: datanet(id: "${DATANET}", asOf: { hash: $third }) ${earned}
          sixth: datanet(id: "${DATANET}", asOf: { hash: $sixth }) ${earned}
        }`,
        { third: await hashOf(3), sixth: await hashOf(6) },
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({ third: { earned: [{ amount: '1' }] }, sixth: { earned: [{ amount: '6' }] } });
    });

    it.each([
      ['{ number: 7 }', 'asOf.number'],
      ['{ number: 2147483647 }', 'asOf.number'],
      ['{ number: -1 }', 'asOf.number'],
      ['{ minNumber: -1 }', 'asOf.minNumber'],
      ['{}', 'asOf'],
      ['{ number: null }', 'asOf'],
      ['{ number: 1, minNumber: 1 }', 'asOf'],
      ['{ number: 1, hash: "0x00" }', 'asOf'],
      ['{ hash: "0x00" }', 'asOf.hash'],
    ])('refuses %s, and the other fields of the answer stand', async (asOf, argument) => {
      const { data, errors } = await api.ask(`{
        bad: datanet(id: "${DATANET}", asOf: ${asOf}) ${earned}
        good: datanet(id: "${DATANET}", asOf: { number: 4 }) ${earned}
        now: datanet(id: "${DATANET}") ${earned}
      }`);
      expect(errors?.map(({ path, extensions }) => [path, extensions.code, extensions['argument']])).toEqual([
        [['bad'], 'BAD_USER_INPUT', argument],
      ]);
      expect(data).toEqual({
        bad: null,
        good: { earned: [{ amount: '3' }] },
        now: { earned: [{ amount: '6' }] },
      });
    });

    it('leaves what is no id to the field', async () => {
      const answer = await api.ask(`{ datanet(id: "one", asOf: { number: 1 }) ${earned} }`);
      expect([code(answer), answer.errors?.[0]?.extensions['argument']]).toEqual([['BAD_USER_INPUT'], 'id']);
    });

    it('is answered over a socket too', async () => {
      const answers: unknown[] = [];
      await new Promise<void>((resolve, reject) => {
        api
          .socket()
          .subscribe(
            { query: `{ datanet(id: "${DATANET}", asOf: { number: 3 }) ${earned} }` },
            { next: (answer) => void answers.push(answer.data), error: reject, complete: resolve },
          );
      });
      expect(answers).toEqual([{ datanet: { earned: [{ amount: '1' }] } }]);
    });
  });

  describe('of a chain that moves', () => {
    beforeEach(open);
    afterEach(() => api.close());

    it('says CURSOR_STALE for a hash that a reorg removed, and for one that never was', async () => {
      const hash = await hashOf(5);
      await chain.reorg(2, [[rewardFor(address(0xb1), 7n)]]);
      for (const gone of [hash, word(77)]) {
        const answer = await api.ask(`{ datanet(id: "${DATANET}", asOf: { hash: "${gone}" }) ${earned} }`);
        expect([code(answer), answer.data]).toEqual([['CURSOR_STALE'], { datanet: null }]);
      }
      const { data } = await api.ask(`{ datanet(id: "${DATANET}", asOf: { number: 5 }) ${earned} }`);
      expect(data).toEqual({ datanet: { earned: [{ amount: '10' }] } });
    });

    it('still finds a block without logs by its hash once it is final, until that hash is forgotten', async () => {
      const hash = await hashOf(6);
      await chain.extend([[], [rewardFor(address(0xb1), 7n)], []], { finalized: 8 });
      const query = `{
        datanet(id: "${DATANET}", asOf: { hash: "${hash}" }) ${earned}
        search(text: "${hash}") { ... on Block { number finality } }
        byNumber: search(text: "6") { ... on Block { number finality } }
      }`;
      const block = [{ number: 6, finality: 'FINALIZED' }];
      expect(await api.ask(query)).toMatchObject({
        data: { datanet: { earned: [{ amount: '6' }] }, search: block, byNumber: block },
      });
      await api.database.pool.query('delete from final_header');
      const answer = await api.ask(query);
      expect([code(answer), answer.data]).toEqual([['CURSOR_STALE'], { datanet: null, search: [], byNumber: [] }]);
      expect(answer.errors?.[0]?.message).toContain('by its number');
    });

    it('shows the finality of today', async () => {
      await chain.extend([[]], { finalized: 3 });
      const { data } = await api.ask(
        `{ rewards(asOf: { number: 4 }) { nodes { accruedAt { block { number finality } } } } }`,
      );
      expect(data).toEqual({
        rewards: {
          nodes: [
            { accruedAt: { block: { number: 4, finality: 'PENDING' } } },
            { accruedAt: { block: { number: 3, finality: 'FINALIZED' } } },
          ],
        },
      });
    });

    it('shows the document known today of the hash in force then', async () => {
      await api.database.pool.query(
        `insert into document (hash, uri, uri_digest, state, name)
         values (decode($1, 'hex'), 'x', '\\x01', 'fetched', 'first'), (decode($2, 'hex'), 'x', '\\x01', 'fetched', 'second')`,
        [word(0xe1).slice(2), word(0xe9).slice(2)],
      );
      await chain.extend([
        [
          log('DatanetRegistry', 'DatanetUpdated', {
            datanetId: 1n,
            status: 1n,
            metadataHash: word(0xe9),
            metadataURI: 'ipfs://second',
          }),
        ],
      ]);
      const { data } = await api.ask(`{
        now: datanet(id: "${DATANET}") { name status }
        past: datanet(id: "${DATANET}", asOf: { number: 6 }) { name status }
        named: datanets(where: { name: { eq: "first" } }, asOf: { number: 6 }) { totalCount }
      }`);
      expect(data).toEqual({
        now: { name: 'second', status: 'PAUSED' },
        past: { name: 'first', status: 'ACTIVE' },
        named: { totalCount: 1 },
      });
    });

    describe('of pages', () => {
      const page = async (asOf: string, after: string | null, first = 1) => {
        const answer = await api.ask(
          `query ($after: Cursor) { rewards(first: ${first}, after: $after, asOf: ${asOf}) {
            nodes { amount { amount } } pageInfo { endCursor hasNextPage } totalCount
          } }`,
          { after },
        );
        const rewards = answer.data?.['rewards'] as {
          nodes: { amount: { amount: string } }[];
          pageInfo: { endCursor: string; hasNextPage: boolean };
          totalCount: number;
        };
        return { ...answer, rewards, amounts: rewards?.nodes.map(({ amount }) => amount.amount) };
      };

      it('walks one state while the chain goes on', async () => {
        const found: string[] = [];
        let after: string | null = null;
        for (let more = true; more; ) {
          const { rewards, amounts } = await page('{ number: 5 }', after);
          expect(rewards.totalCount).toBe(3);
          found.push(...amounts);
          after = rewards.pageInfo.endCursor;
          more = rewards.pageInfo.hasNextPage;
          await chain.extend([[rewardFor(address(0xb1), 9n)]]);
        }
        expect(found).toEqual(['3', '2', '1']);
      });

      it('takes a cursor of another block as its place in the order', async () => {
        const { rewards } = await page('{ number: 5 }', null, 2);
        const { endCursor } = rewards.pageInfo;
        expect((await page('{ number: 3 }', endCursor, 5)).amounts).toEqual(['1']);
        const fifth = (await page('{ number: 5 }', null)).rewards.pageInfo.endCursor;
        expect((await page('{ number: 4 }', fifth, 5)).amounts).toEqual(['2', '1']);
      });

      it('says CURSOR_STALE once a reorg removed the block of a cursor', async () => {
        const { endCursor } = (await page('{ number: 5 }', null)).rewards.pageInfo;
        await chain.reorg(2, [[]]);
        expect(code(await page('{ number: 4 }', endCursor))).toEqual(['CURSOR_STALE']);
      });
    });

    describe('minNumber', () => {
      const ask = (minNumber: number, rest = '') =>
        api.ask(`{ datanet(id: "${DATANET}", asOf: { minNumber: ${minNumber} }) ${earned} ${rest} }`);

      it('is the newest state where that block is indexed', async () => {
        expect((await ask(2)).data).toEqual({ datanet: { earned: [{ amount: '6' }] } });
      });

      it('waits for a block that is not indexed yet, and so does what is asked with it', async () => {
        const rest = 'rewards { totalCount } indexStatus { chains { indexed { number } } }';
        let answered = false;
        const waiting = ask(8, rest).finally(() => {
          answered = true;
        });
        await chain.extend([[rewardFor(address(0xb1), 4n)]]);
        await ask(7);
        expect(answered).toBe(false);
        await chain.extend([[rewardFor(address(0xb1), 5n)]]);
        const { data, errors } = await waiting;
        expect(errors).toBeUndefined();
        expect(data).toEqual({
          datanet: { earned: [{ amount: '15' }] },
          rewards: { totalCount: 5 },
          indexStatus: { chains: [{ indexed: { number: 8 } }] },
        });
      });

      it('gives up in the time of a query, that field alone', async () => {
        const answer = await ask(9, 'rewards { totalCount }');
        expect(code(answer)).toEqual(['QUERY_TIMEOUT']);
        expect(answer.data).toEqual({ datanet: null, rewards: { totalCount: 3 } });
      });
    });

    describe('with several chains', () => {
      beforeEach(async () => {
        const other = await openFakeChain(api.database.pool, 31338);
        await other.extend([...loopOnce, [rewardFor(address(0xb1), 100n)]]);
      });

      it('needs one chain in where, or an id', async () => {
        const accrued = '{ accrued { amount } }';
        const bad = await api.ask(`{
          rewards(asOf: { number: 3 }) { totalCount }
          in: rewards(where: { chainId: { in: [31337, 31338] } }, asOf: { number: 3 }) { totalCount }
          newest: rewards(asOf: { minNumber: 3 }) { totalCount }
          account(address: "${address(0xb1)}", asOf: { number: 3 }) { id }
          node(id: "account:${address(0xb1)}", asOf: { number: 3 }) { id }
          unknown: rewards(where: { chainId: { eq: 5 } }, asOf: { number: 3 }) { totalCount }
        }`);
        expect(code(bad)).toEqual(Array.from({ length: 6 }, () => 'BAD_USER_INPUT'));
        const { data, errors } = await api.ask(`{
          eq: rewards(where: { chainId: { eq: 31337 } }, asOf: { number: 4 }) { totalCount }
          byId: rewards(where: { datanet: { eq: "datanet:31338:1" } }, asOf: { number: 3 }) { nodes { amount { amount } } }
          account(address: "${address(0xb1)}", chainId: 31337, asOf: { number: 4 }) { rewardTotals ${accrued} }
          accounts(where: { chainId: { eq: 31338 }, role: BENEFICIARY }, asOf: { number: 3 }) {
            nodes { rewardTotals ${accrued} rewards { totalCount } }
          }
          below: datanet(id: "datanet:31337:1", asOf: { number: 5 }) {
            contributions { nodes { contributor { rewardTotals ${accrued} contributionCount firstSeen { block { chainId } } } } }
          }
          newest: datanet(id: "datanet:31337:1", asOf: { minNumber: 5 }) {
            contributions { nodes { contributor { rewardTotals ${accrued} } } }
          }
        }`);
        expect(errors).toBeUndefined();
        const totals = (amount: string) => ({ rewardTotals: { accrued: [{ amount }] } });
        expect(data).toEqual({
          eq: { totalCount: 2 },
          byId: { nodes: [{ amount: { amount: '100' } }] },
          account: totals('3'),
          accounts: { nodes: [{ ...totals('100'), rewards: { totalCount: 1 } }] },
          below: {
            contributions: {
              nodes: [
                { contributor: { ...totals('6'), contributionCount: 1, firstSeen: { block: { chainId: 31337 } } } },
              ],
            },
          },
          newest: { contributions: { nodes: [{ contributor: totals('6') }] } },
        });
      });

      it('takes the chain that has the hash, where nothing else could say which', async () => {
        const id = `account:${address(0xb1)}`;
        const rewards = 'attributionGraph(direction: UPSTREAM, depth: 1, root:';
        const ask = (hash: string) =>
          api.ask(`{
            graph: ${rewards} "${id}", asOf: { hash: "${hash}" }) { edges { kind amount { amount } } asOf { number } }
            node(id: "${id}", asOf: { hash: "${hash}" }) { ... on Account { rewardTotals { accrued { amount } } } }
            reconcile(scope: ACCOUNT, id: "${id}", asOf: { hash: "${hash}" }) { lines { credit } }
          }`);
        const amounts = (...of: string[]) => of.map((amount) => ({ kind: 'RECEIVED', amount: { amount } }));
        const here = await ask(await hashOf(4));
        expect(here).toMatchObject({
          data: {
            graph: { edges: amounts('2', '1'), asOf: { number: 4 } },
            node: { rewardTotals: { accrued: [{ amount: '3' }] } },
            reconcile: { lines: [{ credit: '3' }] },
          },
        });
        const { rows } = await api.database.pool.query<{ hash: string }>(
          "select '0x' || encode(hash, 'hex') as hash from header where chain_id = 31338 and number = 3",
        );
        expect(await ask(rows[0]?.hash as string)).toMatchObject({
          data: { graph: { edges: amounts('100'), asOf: { number: 3 } } },
        });
        expect(code(await ask(word(77)))).toEqual(['CURSOR_STALE', 'CURSOR_STALE', 'CURSOR_STALE']);
      });
    });
  });
});
