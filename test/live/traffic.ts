import { address, type FakeChain, log, word } from '../api/fakeChain';
import type { HistoryLog } from '../oracle/log';

/** Reproducible: mulberry32. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Blocks that go on from one turn of the loop (test/api/loop.ts): a bit of everything that is followed. */
export class Traffic {
  private contributions = 100n;
  /** Indexed, and since the last mark of finality. */
  private height: number;
  private finalized = 0;

  constructor(
    private readonly chain: FakeChain,
    private readonly random: (below: number) => number,
    height: number,
  ) {
    this.height = height;
  }

  /** A commit: blocks on top, or a fork of the newest, or a move of the marks. */
  async next(): Promise<void> {
    const { random, chain } = this;
    const unfinal = this.height - this.finalized;
    if (unfinal > 3 && random(4) === 0) {
      const depth = 1 + random(Math.min(4, unfinal - 1));
      const blocks = Array.from({ length: depth + random(2) }, () => this.block());
      await chain.reorg(depth, blocks);
      this.height += blocks.length - depth;
      return;
    }
    const blocks = Array.from({ length: 1 + random(2) }, () => this.block());
    this.height += blocks.length;
    if (unfinal > 8) this.finalized = this.height - 5;
    await chain.extend(blocks, unfinal > 8 ? { safe: this.finalized + 2, finalized: this.finalized } : {});
  }

  private block(): HistoryLog[] {
    return Array.from({ length: this.random(6) }, () => this.event());
  }

  private event(): HistoryLog {
    const { random } = this;
    const account = address([0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5][random(6)] as number);
    switch (random(6)) {
      case 0:
        this.contributions += 3n;
        return log('ContributionRegistry', 'ContributionBatchSubmitted', {
          datanetId: 1n,
          contributor: account,
          firstContributionId: this.contributions - 3n,
          contentHashes: [word(1), word(2), word(3)],
          bondEach: 1n,
        });
      case 1:
        return log('ContributionRegistry', 'ContributionFinalized', {
          contributionId: this.contributions - BigInt(1 + random(6)),
          status: BigInt(1 + random(2)),
          datanetVersion: 1n,
          scorePpm: 1n,
          reason: 0n,
        });
      case 2:
        return random(3) === 0
          ? log('AttributionLedger', 'AttributionRevised', {
              inferenceId: word(0x11),
              oldRoot: word(1),
              newRoot: word(2),
              reasonHash: word(3),
            })
          : log('AttributionLedger', 'InfluenceRecorded', {
              inferenceId: word(0x11),
              datanetId: 1n,
              contributionId: 1n,
              contributor: account,
              influence: 1n,
              weightPpm: BigInt(1 + random(9)),
            });
      case 3:
        return log('RewardLedger', 'RewardClaimed', {
          poolId: word(0xf1),
          beneficiary: account,
          to: account,
          amount: BigInt(1 + random(100)),
        });
      default:
        return log('RewardLedger', 'RewardAccrued', {
          poolId: word(0xf1),
          beneficiary: account,
          ref: word(0x11),
          role: 0n,
          contributionId: 1n,
          amount: BigInt(1 + random(100)),
          epoch: 1n,
        });
    }
  }
}
