import { useAsk } from '../data/useAsk';
import { RewardPage as Document, type RewardPageData } from '../documents';
import { shortTokens, symbolOf } from '../format/amount';
import { capital, words } from '../format/names';
import { formatShare } from '../format/number';
import { Amount } from '../parts/Amount';
import { BackingBar, sourceName } from '../parts/BackingBar';
import { Facts } from '../parts/Facts';
import { Address, Hex } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Failed, Shown } from '../parts/states';
import { WhenSeen } from '../parts/WhenSeen';
import { usePast } from '../past/usePast';
import { PathList } from './charts';
import { Evidence } from './Evidence';
import { ThingHead } from './ThingHead';

type Explanation = NonNullable<RewardPageData['explainReward']>;
type Reward = NonNullable<RewardPageData['reward']>;

/** Why this amount: the steps as arithmetic one can follow, each with the event that proves it. */
export function RewardPage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Document, { id, asOf: past.asOf }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ reward }) => reward} what={id}>
      {(reward, { explainReward }) => (
        <div className="page">
          <ThingHead
            id={id}
            title={`${shortTokens(reward.amount.amount, reward.amount.token.decimals)} ${symbolOf(reward.amount.token)}`}
          >
            <p className="lead">
              {capital(words(reward.role))} reward of <Address of={reward.beneficiary.address} />
              {reward.contribution && (
                <>
                  {' '}
                  for <Named of={reward.contribution} />
                  {reward.contribution.datanet && (
                    <>
                      {' '}
                      of <Named of={reward.contribution.datanet} />
                    </>
                  )}
                </>
              )}
            </p>
          </ThingHead>
          <div className="split why">
            <Section title="Why this amount">
              {explainReward ? (
                <Why of={explainReward} paidIn={reward.amount.token.id} />
              ) : (
                <Failed error={asked.error ?? 'There is no explanation.'} />
              )}
            </Section>
            <div>
              <Section title="Backing" className="panel">
                <Backing of={reward} />
              </Section>
              <Section title="About" className="panel">
                <Facts
                  of={[
                    ['Beneficiary', <Address key="to" of={reward.beneficiary.address} />],
                    ['Inference', reward.inference && <Named of={reward.inference} />],
                    ['Model', reward.inference?.model && <Named of={reward.inference.model} />],
                    [
                      'Pool',
                      reward.pool && (
                        <Named
                          key="pool"
                          of={{ id: reward.pool.id, name: `${capital(words(reward.pool.kind))} pool` }}
                        />
                      ),
                    ],
                    ['Epoch', reward.epoch],
                    ['Reference', !reward.inference && !/^0x0*$/.test(reward.ref) && <Hex key="ref" of={reward.ref} />],
                    ['Accrued', <Evidence key="at" of={reward.accruedAt} />],
                  ]}
                />
              </Section>
            </div>
          </div>
          {reward.contribution && (
            <Section
              title="The ways from the data to this money"
              side={<a href={`/paths?from=${reward.contribution.id}&to=${id}`}>Between other things</a>}
            >
              <WhenSeen height={120}>
                <PathList from={reward.contribution.id} to={id} />
              </WhenSeen>
            </Section>
          )}
        </div>
      )}
    </Shown>
  );
}

function Backing({ of: { backing, amount } }: { of: Reward }) {
  const parts = backing.filter((part) => part.amount !== '0');
  return (
    <>
      <BackingBar of={backing} decimals={amount.token.decimals} />
      <Facts
        of={parts.map((part) => [
          <span key={part.source} className={`source of-${part.source.toLowerCase()}`}>
            <i aria-hidden="true" />
            {capital(sourceName(part.source))}
          </span>,
          <span key={part.source} className="pair">
            <Amount of={{ amount: part.amount, token: amount.token }} />
            <small className="quiet">{formatShare(Number(part.amount) / Number(amount.amount))}</small>
          </span>,
        ])}
      />
    </>
  );
}

/** @param paidIn the token of the reward, which need not be that of the fee */
function Why({ of: { summary, steps, expected, difference }, paidIn }: { of: Explanation; paidIn: string }) {
  const token = steps.find(({ amount }) => amount)?.amount?.token;
  return (
    <>
      <p className="summary">{summary}</p>
      <ol className="steps">
        {steps.map(({ kind, text, formula, amount, evidence }) => (
          <li key={`${kind} ${text}`}>
            <div className="step">
              <h3>{kind === 'UNKNOWN' ? 'Not recorded' : capital(words(kind))}</h3>
              {amount && <Amount of={amount} />}
            </div>
            <p>{text}</p>
            {formula && <code className="formula">{formula}</code>}
            {evidence.length > 0 && (
              <details>
                <summary>
                  {evidence.length} {evidence.length === 1 ? 'event proves' : 'events prove'} it
                </summary>
                <ul>
                  {evidence.map((at) => (
                    <li key={at.eventId}>
                      <Evidence of={at} name={at.event} />
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ol>
      {expected !== null && token && token.id !== paidIn && (
        <p className="verdict">
          The steps give <Amount of={{ amount: expected, token }} />; the pool pays another token.
        </p>
      )}
      {expected !== null && token?.id === paidIn && (
        <p className={difference === '0' ? 'verdict good' : 'verdict bad'}>
          {difference === '0' ? (
            'The steps give exactly this amount, to the wei.'
          ) : (
            <>
              The steps give <Amount of={{ amount: expected, token }} />; the difference is{' '}
              <Amount of={{ amount: difference ?? '0', token }} sign />.
            </>
          )}
        </p>
      )}
      {expected === null && (
        <p className="verdict">The chain does not record enough to say what this amount should have been.</p>
      )}
    </>
  );
}
