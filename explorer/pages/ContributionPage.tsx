import { useAsk } from '../data/useAsk';
import { type ContributionPageData, ContributionPage as Document } from '../documents';
import { partsOf, titleOf, words } from '../format/names';
import { counted, formatBytes, formatCount, formatPpm, formatShare } from '../format/number';
import { rewardColumns } from '../lists/rewards';
import { Amount, Amounts } from '../parts/Amount';
import { Badge } from '../parts/Badge';
import { Bond } from '../parts/Bond';
import { Facts, Figures } from '../parts/Facts';
import { Address, Hex } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Shown } from '../parts/states';
import { Time } from '../parts/Time';
import { WhenSeen } from '../parts/WhenSeen';
import { usePast } from '../past/usePast';
import { AttributionGraph } from './charts';
import { Life } from './Life';
import { More } from './More';
import { ThingHead } from './ThingHead';
import { Uri } from './Uri';

type Contribution = NonNullable<ContributionPageData['contribution']>;

export function ContributionPage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Document, { id, asOf: past.asOf }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ contribution }) => contribution} what={id}>
      {(contribution, { rewards }) => (
        <div className="page">
          <ThingHead id={id} title={titleOf(id)} badges={<Badge of={contribution.status} />}>
            <p className="lead">
              To <Named of={contribution.datanet} missing={`datanet ${contribution.datanetId}`} />, by{' '}
              <Address of={contribution.contributor.address} />
            </p>
          </ThingHead>
          <Life of={contribution} />
          <Figures
            of={[
              ['Score', formatShare(contribution.score), contribution.score === null ? 'not decided yet' : undefined],
              ['Influenced', formatCount(contribution.influenceCount), 'inferences'],
              [
                'Earned',
                <Amounts key="earned" of={contribution.earned} />,
                counted(rewards?.totalCount ?? 0, 'reward'),
              ],
            ]}
          />
          <Section title="What it influenced" note="The heaviest first.">
            <More
              caption="Influences"
              rows={contribution.influences.nodes}
              columns={[
                { title: 'Inference', main: true, cell: ({ inference }) => <Named of={inference} /> },
                { title: 'Model', cell: ({ inference }) => <Named of={inference?.model} /> },
                { title: 'Weight', number: true, cell: ({ weightPpm }) => formatPpm(weightPpm) },
                { title: 'Fee', number: true, cell: ({ inference }) => inference && <Amount of={inference.fee} /> },
                { title: 'When', number: true, cell: ({ at }) => <Time at={at.timestamp} /> },
              ]}
              keyOf={(row) => row.id}
              empty="No answer has been attributed to it."
            />
          </Section>
          <Section title="What it earned">
            <More
              caption="Rewards"
              rows={rewards?.nodes ?? []}
              columns={rewardColumns}
              without={['For']}
              keyOf={(row) => row.id}
              total={rewards?.totalCount}
              href={`/rewards?contribution=${id}`}
              empty="Nothing yet."
            />
          </Section>
          <Section
            title="Attribution graph"
            side={<a href={`/paths?from=${id}`}>How is it connected with something else?</a>}
          >
            <WhenSeen height={420}>
              <AttributionGraph root={id} kind="sankey" />
            </WhenSeen>
          </Section>
          <div className="split">
            <Section title="About">
              <Facts
                of={[
                  ['Content hash', <Hex key="hash" of={contribution.contentHash} />],
                  ['Size', formatBytes(contribution.sizeBytes)],
                  ['Licence', contribution.licenseId && <Hex key="licence" of={contribution.licenseId} />],
                  ['Where', contribution.uri && <Uri key="uri" of={contribution.uri} />],
                  ['Bond', <Bond key="bond" of={contribution.bond} chainId={partsOf(id).chainId} />],
                  ['In version', contribution.datanetVersion],
                  // 0 is no reason.
                  ['Reason code', contribution.decisionReason && String(contribution.decisionReason)],
                ]}
              />
            </Section>
            <Scores of={contribution} />
          </div>
        </div>
      )}
    </Shown>
  );
}

function Scores({ of: { scores, disputes, links } }: { of: Contribution }) {
  return (
    <Section title="Scores, disputes, links">
      <More
        caption="Scores"
        rows={scores.nodes}
        columns={[
          { title: 'Curator', main: true, cell: ({ curator }) => <Address of={curator.address} /> },
          { title: 'Round', number: true, cell: ({ round }) => round },
          { title: 'Score', number: true, cell: ({ score }) => formatShare(score) },
          { title: 'When', number: true, cell: ({ at }) => <Time at={at.timestamp} /> },
        ]}
        keyOf={({ curator, round }) => `${curator.address} ${round}`}
        empty="No curator has scored it."
      />
      {disputes.nodes.length > 0 && (
        <Facts
          of={disputes.nodes.map(({ id, disputeId, resolved, upheld, challenger }) => [
            `Dispute ${disputeId}`,
            <span key={id}>
              <a href={`/${id}`}>{resolved ? (upheld ? 'upheld' : 'dismissed') : 'open'}</a>, by{' '}
              <Address of={challenger.address} />
            </span>,
          ])}
        />
      )}
      {links.nodes.length > 0 && (
        <Facts
          of={links.nodes.map(({ otherId, relation, other }) => [
            words(relation),
            <Named key={otherId} of={other} missing={`Contribution ${otherId}`} />,
          ])}
        />
      )}
    </Section>
  );
}
