import { useAsk } from '../data/useAsk';
import { PoolPage as Document } from '../documents';
import { capital, words } from '../format/names';
import { rewardColumns } from '../lists/rewards';
import { Amount } from '../parts/Amount';
import { BackingBar, BackingLegend } from '../parts/BackingBar';
import { Facts, Figures } from '../parts/Facts';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Shown } from '../parts/states';
import { WhenSeen } from '../parts/WhenSeen';
import { usePast } from '../past/usePast';
import { DoubleEntry } from './charts';
import { Evidence } from './Evidence';
import { More } from './More';
import { ThingHead } from './ThingHead';

const unknown = { id: 'token::unknown', symbol: null, decimals: null };

export function PoolPage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Document, { id, asOf: past.asOf }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ pool }) => pool} what={id}>
      {(pool, { rewards }) => {
        const money = (amount: string) => <Amount of={{ amount, token: pool.token ?? unknown }} />;
        return (
          <div className="page">
            <ThingHead id={id} title={`${capital(words(pool.kind))} pool`}>
              <p className="lead">
                {pool.subject && (
                  <>
                    Of <Named of={pool.subject} />
                  </>
                )}
              </p>
            </ThingHead>
            <Figures
              of={[
                ['Funded', money(pool.funded)],
                ['Promised', money(pool.accrued)],
                ['Taken back', money(pool.reversed)],
                ['Claimed', money(pool.claimed)],
                ['Left to give', money(pool.balance)],
              ]}
            />
            <Section title="Funded by" side={<BackingLegend />} className="panel">
              <BackingBar of={pool.fundedBySource} decimals={pool.token?.decimals} />
            </Section>
            <Section title="Rewards">
              <More
                caption="Rewards"
                rows={rewards?.nodes ?? []}
                columns={rewardColumns}
                keyOf={(row) => row.id}
                total={rewards?.totalCount}
                empty="Nothing was given out of it yet."
              />
            </Section>
            <Section
              title="Does it add up?"
              note="Double entry: what leaves one account comes into another."
              className="panel"
            >
              <WhenSeen height={220}>
                <DoubleEntry scope="POOL" id={id} />
              </WhenSeen>
            </Section>
            <Section title="About">
              <Facts of={[['Created', <Evidence key="at" of={pool.createdAt} />]]} />
            </Section>
          </div>
        );
      }}
    </Shown>
  );
}
