import { useAsk } from '../data/useAsk';
import { InferencePage as Document, type InferencePageData } from '../documents';
import { shorten, titleOf, words } from '../format/names';
import { counted, formatCount, formatPpm } from '../format/number';
import { rewardColumns } from '../lists/rewards';
import { Amount } from '../parts/Amount';
import { Facts } from '../parts/Facts';
import { Address, Hex } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Shown } from '../parts/states';
import { WhenSeen } from '../parts/WhenSeen';
import { usePast } from '../past/usePast';
import { AttributionGraph, DoubleEntry } from './charts';
import { Evidence } from './Evidence';
import { More } from './More';
import { ThingHead } from './ThingHead';

type Inference = NonNullable<InferencePageData['inference']>;

export function InferencePage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Document, { id, asOf: past.asOf }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ inference }) => inference} what={id}>
      {(inference) => (
        <div className="page">
          <ThingHead id={id} title={titleOf(id)}>
            <p className="lead">
              <Address of={inference.user.address} /> asked{' '}
              <Named of={inference.model} missing={`model ${inference.modelId}`} /> (version {inference.modelVersion}):{' '}
              {formatCount(inference.tokensIn)} tokens in, {formatCount(inference.tokensOut)} out.
            </p>
          </ThingHead>
          <div className="split receipt-split">
            <Receipt of={inference} />
            <Section title="Where it stands">
              <Facts
                of={[
                  ['Settled', <Evidence key="settled" of={inference.settledAt} />],
                  ['Split', inference.split && <Evidence key="split" of={inference.split.at} />],
                  [
                    'Attributed',
                    inference.attribution && <Evidence key="attribution" of={inference.attribution.committedAt} />,
                  ],
                  [
                    'Method',
                    inference.attribution &&
                      `${words(inference.attribution.method)}, ${counted(Number(inference.attribution.leafCount), 'source')}, ${
                        inference.attribution.complete ? 'weights sum to exactly 100 %' : 'weights incomplete'
                      }`,
                  ],
                  ['Revisions', inference.attribution?.revisions ? formatCount(inference.attribution.revisions) : null],
                  [
                    'Adapters',
                    inference.adapters.length > 0 &&
                      inference.adapters.map((adapter) => <Named key={adapter.id} of={adapter} />),
                  ],
                  [
                    'Ratings',
                    inference.feedback.nodes.length > 0 &&
                      inference.feedback.nodes.map(({ rating, rater }) => (
                        <span key={rater.address} className="line">
                          {rating} by <Address of={rater.address} />
                        </span>
                      )),
                  ],
                ]}
              />
            </Section>
          </div>
          <Section title="Sources" note="The contributions that this answer is attributed to, the heaviest first.">
            <More
              caption="Sources"
              rows={inference.influences.nodes.filter(({ current }) => current)}
              columns={[
                {
                  title: 'Contribution',
                  main: true,
                  cell: ({ contribution, contributionId }) => (
                    <Named of={contribution} missing={`Contribution ${contributionId}`} />
                  ),
                },
                {
                  title: 'Weight',
                  cell: ({ weight, weightPpm }) => (
                    <span className="weight">
                      <span className="track" aria-hidden="true">
                        <i style={{ width: `${weight * 100}%` }} />
                      </span>
                      <span className="number">{formatPpm(weightPpm)}</span>
                    </span>
                  ),
                },
                { title: 'Contributor', cell: ({ contributor }) => <Address of={contributor.address} /> },
                { title: 'Datanet', cell: ({ datanet }) => <Named of={datanet} /> },
                {
                  title: 'Licence',
                  cell: ({ contribution }) => (contribution?.licenseId ? <Hex of={contribution.licenseId} /> : '–'),
                },
              ]}
              keyOf={(row) => row.id}
              empty="It is attributed to no data."
            />
          </Section>
          <Section title="Payees">
            <More
              caption="Rewards"
              rows={inference.rewards.nodes}
              columns={rewardColumns}
              without={['Model']}
              keyOf={(row) => row.id}
              empty="Nobody was rewarded for it."
            />
          </Section>
          <Section
            title="Does it add up?"
            note="Double entry: what leaves one account comes into another."
            className="panel"
          >
            <WhenSeen height={220}>
              <DoubleEntry scope="INFERENCE" id={id} />
            </WhenSeen>
          </Section>
          <Section
            title="Attribution graph"
            note="Data on the left, money on the right. Widths are weights and shares."
          >
            <WhenSeen height={420}>
              <AttributionGraph root={id} kind="sankey" />
            </WhenSeen>
          </Section>
        </div>
      )}
    </Shown>
  );
}

/** Where the fee went, to the wei: what is left over is said, even where it is nothing. */
function Receipt({ of }: { of: Inference }) {
  const { fee, split, refunded, residual, parameters } = of;
  const { token } = fee;
  const legs = split
    ? ([
        ['Contributors', split.contributors, parameters.contributorsBps],
        ['Model builder', split.model, parameters.modelBps],
        ['Stakers', split.stakers, parameters.stakersBps],
        ['Platform', split.platform, parameters.platformBps],
      ] as const)
    : [];
  return (
    <section className="receipt" aria-label="Receipt">
      <header>
        <strong>Receipt</strong>
        <span className="mono quiet">{shorten(of.inferenceId)}</span>
      </header>
      <table>
        <tbody>
          <tr className="total">
            <th scope="row">Fee paid</th>
            <td />
            <td>
              <Amount of={fee} />
            </td>
          </tr>
          {legs.map(([name, amount, bps]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="quiet">{bps === null ? '' : `${bps / 100} %`}</td>
              <td>
                <Amount of={{ amount, token }} />
              </td>
            </tr>
          ))}
          {refunded !== '0' && (
            <tr>
              <th scope="row">Refunded</th>
              <td />
              <td>
                <Amount of={{ amount: refunded, token }} />
              </td>
            </tr>
          )}
          <tr className="residual">
            <th scope="row">Unexplained</th>
            <td />
            <td>
              {residual === null ? (
                <span className="quiet">not split yet</span>
              ) : residual === '0' ? (
                <span className="good">0, to the wei</span>
              ) : (
                <span className="bad">
                  <Amount of={{ amount: residual, token }} />
                </span>
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
