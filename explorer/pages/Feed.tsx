import { useState } from 'react';
import { titleOf, words } from '../format/names';
import { useConnection } from '../live/connection';
import { type FeedRow, type RewardRow, useFeed } from '../live/useFeed';
import { Amount } from '../parts/Amount';
import { BackingBar, BackingLegend } from '../parts/BackingBar';
import { Finality } from '../parts/Finality';
import { Address } from '../parts/Hex';
import { Section } from '../parts/Section';
import { Empty, Loading } from '../parts/states';
import { Time } from '../parts/Time';

type Page = Parameters<typeof useFeed>[0];

/** Rewards as they accrue. What comes waits behind a button, so that nothing moves under the eye. */
export function Feed({ page, isPast = false }: { page: Page; isPast?: boolean }) {
  const { shown, waiting, show } = useFeed(page, { isFollowed: !isPast });
  const { state } = useConnection();
  const [paused, setPaused] = useState(false);
  const count = paused ? 0 : waiting.length;
  return (
    <Section
      title={isPast ? 'The newest rewards of then' : 'Rewards as they accrue'}
      side={
        !isPast && (
          <>
            <span className={state === 'live' && !paused ? 'live good' : 'live'}>
              <i aria-hidden="true" />
              {paused ? 'paused' : state === 'live' ? 'live' : 'waiting'}
            </span>
            <button type="button" className="button" onClick={() => setPaused(!paused)} aria-pressed={paused}>
              {paused ? 'Resume' : 'Pause'}
            </button>
          </>
        )
      }
    >
      <BackingLegend />
      <div className="panel feed">
        <div role="status" className="arrivals">
          {count > 0 && (
            <button type="button" className="fresh-rows" onClick={show}>
              {count} new
            </button>
          )}
        </div>
        {!page && <Loading />}
        {page && shown.length === 0 && <Empty>No rewards yet.</Empty>}
        <ol>
          {shown.map((row) => (
            <Row key={`${row.reward.id} ${row.reward.accruedAt.block.hash}`} of={row} />
          ))}
        </ol>
      </div>
    </Section>
  );
}

function Row({ of: { reward, retracted } }: { of: FeedRow }) {
  return (
    <li className={retracted ? 'retracted' : undefined}>
      <a href={`/${reward.id}`} className="what">
        {words(reward.role)}
      </a>
      <span className="amount-cell">
        <Amount of={reward.amount} sign />
      </span>
      <BackingBar of={reward.backing} decimals={reward.amount.token.decimals} />
      <span className="who">
        <Address of={reward.beneficiary.address} />
      </span>
      <span className="why">{retracted ? 'taken back by a reorg' : <For of={reward} />}</span>
      <span className="when">
        <Time at={reward.accruedAt.timestamp} /> <Finality of={reward.accruedAt.block} />
      </span>
    </li>
  );
}

function For({ of: { contribution, inference, epoch } }: { of: RewardRow }) {
  if (contribution) {
    const { datanet } = contribution;
    return (
      <>
        for <a href={`/${contribution.id}`}>contribution {contribution.contributionId}</a>
        {datanet && (
          <>
            {' '}
            of <a href={`/${datanet.id}`}>{titleOf(datanet.id, datanet.name)}</a>
          </>
        )}
      </>
    );
  }
  if (inference) {
    return (
      <>
        for <a href={`/${inference.id}`}>an answer</a> of{' '}
        {inference.model ? titleOf(inference.model.id, inference.model.name) : 'a model'}
      </>
    );
  }
  return <>for epoch {epoch}</>;
}
