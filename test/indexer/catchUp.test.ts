import { CatchUp } from '../../indexer/follow/catchUp';
import type { Plan } from '../../indexer/follow/planNext';

const history: Plan = { kind: 'history', ranges: [] };
const idle: Plan = { kind: 'idle' };
const follow = (fromBlock: number): Plan => ({ kind: 'follow', fromBlock, toBlock: fromBlock + 9 });
const at = (number: number) => ({ head: { number, hash: '0x', parentHash: '0x', timestamp: 0 } });

describe('indexes that a first history left for later', () => {
  let catchUp: CatchUp;
  beforeEach(() => {
    catchUp = new CatchUp();
    expect(catchUp.includes(history, at(100))).toBe(true);
  });

  it('wait until the head that was seen when history was written', () => {
    expect(catchUp.includes(follow(81), at(100))).toBe(true);
    expect(catchUp.includes(follow(100), at(101))).toBe(true);
    expect(catchUp.includes(idle, at(100))).toBe(false);
  });

  it('do not wait for a head that keeps moving', () => {
    expect(catchUp.includes(follow(91), at(100))).toBe(true);
    expect(catchUp.includes(follow(101), at(110))).toBe(false);
    expect(catchUp.includes(follow(111), at(120))).toBe(false);
  });

  it('do not wait for what stumbles', () => {
    expect(catchUp.includes(follow(81), at(100))).toBe(true);
    catchUp.stumble();
    expect(catchUp.includes(follow(81), at(100))).toBe(false);
  });

  it('wait again when there is history again', () => {
    catchUp.stumble();
    expect(catchUp.includes(history, at(200))).toBe(true);
    expect(catchUp.includes(follow(181), at(200))).toBe(true);
  });
});
