import type { EventType } from '../../schema/contractSet';
import { decoderOf } from '../../schema/eventDecoder';
import { profiles } from '../../schema/profiles';
import { modelRegistry } from './build';
import { contributionRegistry } from './contribute';
import { datanetRegistry } from './organize';
import type { Projection, Projections } from './projection';
import { rewardLedger } from './reward';
import { openGovernor, riskLedger, staking } from './risk';
import { attributionLedger, creditManager, inferenceLedger } from './use';

/** What the loop's rows are made of. An event without a projection is in the feed, and its accounts are accounts. */
const byContract: Readonly<Record<string, Projections>> = {
  DatanetRegistry: datanetRegistry,
  ContributionRegistry: contributionRegistry,
  ModelRegistry: modelRegistry,
  InferenceLedger: inferenceLedger,
  CreditManager: creditManager,
  AttributionLedger: attributionLedger,
  RewardLedger: rewardLedger,
  RiskLedger: riskLedger,
  Staking: staking,
  OpenGovernor: openGovernor,
};

const bySignature = new Map<string, Projection>();
const byType = new WeakMap<EventType, Projection | null>();
for (const { contracts } of Object.values(profiles)) {
  for (const [contract, fragments] of Object.entries(contracts)) {
    for (const fragment of fragments) {
      const { name, topic0 } = decoderOf(fragment);
      const projection = byContract[contract]?.[name];
      if (projection) bySignature.set(`${contract}:${topic0}`, projection);
    }
  }
}

/** By contract and signature, whatever the profile: another deployment that emits the same event has the same rows. */
export function projectionOf(type: EventType): Projection | null {
  let projection = byType.get(type);
  if (projection === undefined) {
    projection = bySignature.get(`${type.contract}:${type.decoder.topic0}`) ?? null;
    byType.set(type, projection);
  }
  return projection;
}
