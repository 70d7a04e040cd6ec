import { fundingSources, UNKNOWN } from '../../schema/codes';
import type { SourceAmount } from '../types/backing';

/** An amount's parts by funding source, as numeric text. */
export interface SourceParts {
  fee: string;
  emission: string;
  grant: string;
  slash: string;
  unknown: string;
}

/** In the order of the codes, UNKNOWN last; parts of zero are left out. */
export function sourceAmounts({ fee, emission, grant, slash, unknown }: SourceParts): SourceAmount[] {
  return [fee, emission, grant, slash, unknown].flatMap((amount, code) =>
    amount === '0' ? [] : [{ source: fundingSources[code] ?? UNKNOWN, amount: BigInt(amount) }],
  );
}

/** part / whole to 15 digits: sums of uint256 are far below the largest double. `whole` is above zero. */
export function share(part: bigint, whole: bigint): number {
  return Number(part) / Number(whole);
}
