import { useAsk } from '../data/useAsk';
import { DatanetPage as Document } from '../documents';
import { symbolAmong } from '../format/amount';
import { titleOf, words } from '../format/names';
import { counted, formatCount, formatShare } from '../format/number';
import { contributionColumns } from '../lists/contributions';
import { modelColumns } from '../lists/models';
import { Amounts } from '../parts/Amount';
import { BackingBar, BackingLegend } from '../parts/BackingBar';
import { Badge } from '../parts/Badge';
import { Facts, Figures } from '../parts/Facts';
import { Address, Hex } from '../parts/Hex';
import { Section } from '../parts/Section';
import { Shown } from '../parts/states';
import { Time } from '../parts/Time';
import { WhenSeen } from '../parts/WhenSeen';
import { usePast } from '../past/usePast';
import { AttributionGraph, RewardHistoryChart } from './charts';
import { Evidence } from './Evidence';
import { More } from './More';
import { ThingHead } from './ThingHead';
import { Uri } from './Uri';

export function DatanetPage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Document, { id, asOf: past.asOf, to: past.to }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ datanet }) => datanet} what={id}>
      {(datanet, { rewardHistory }) => {
        const backed = datanet.backing.map(({ token }) => token);
        return (
          <div className="page">
            <ThingHead id={id} title={titleOf(id, datanet.name)} badges={<Badge of={datanet.status} />}>
              {datanet.description && <p className="lead">{datanet.description}</p>}
            </ThingHead>
            <Figures
              of={[
                [
                  'Contributions',
                  formatCount(datanet.contributionCount),
                  counted(datanet.contributorCount, 'contributor'),
                ],
                ['Accepted', formatShare(datanet.acceptanceRate), 'of what was decided'],
                ['Models', formatCount(datanet.modelCount), counted(datanet.inferenceCount, 'inference')],
                ['Earned', <Amounts key="earned" of={datanet.earned} />],
                [
                  'Backed by fees',
                  datanet.backing.length === 0
                    ? '–'
                    : datanet.backing.map(({ token, feeShare }) => (
                        <span key={token.id} className="line">
                          {formatShare(feeShare)}{' '}
                          {datanet.backing.length > 1 && (
                            <small className="quiet unit">{symbolAmong(backed, token)}</small>
                          )}
                        </span>
                      )),
                  datanet.backing.map(({ token, bySource }) => (
                    <BackingBar key={token.id} of={bySource} decimals={token.decimals} />
                  )),
                ],
              ]}
            />
            <div className="split">
              <Section title="Contributions by status">
                <StatusBar
                  of={[
                    ['accepted', datanet.acceptedCount],
                    ['pending', datanet.pendingCount],
                    ['rejected', datanet.rejectedCount],
                    ['slashed', datanet.slashedCount],
                  ]}
                  href={(status) => `/contributions?datanet=${id}&status=${status.toUpperCase()}`}
                />
              </Section>
              <Section title="About">
                <Facts
                  of={[
                    ['Owner', <Address key="owner" of={datanet.owner.address} />],
                    ['Data', words(datanet.dataType)],
                    ['Version', datanet.latestVersion],
                    ['Metadata', <Uri key="uri" of={datanet.metadataURI} />],
                    ['Created', <Evidence key="at" of={datanet.createdAt} />],
                  ]}
                />
              </Section>
            </div>
            <Section title="Rewards by what backs them" side={<BackingLegend />} className="panel">
              <WhenSeen height={220}>
                <RewardHistoryChart points={rewardHistory?.points ?? []} />
              </WhenSeen>
            </Section>
            <Section title="Contributions" note="The newest.">
              <More
                caption="Contributions"
                rows={datanet.contributions.nodes}
                columns={contributionColumns}
                without={['Datanet']}
                keyOf={(row) => row.id}
                total={datanet.contributionCount}
                href={`/contributions?datanet=${id}`}
                empty="Nothing has been contributed yet."
              />
            </Section>
            <Section title="Models it feeds">
              <More
                caption="Models"
                rows={datanet.models.nodes}
                columns={modelColumns}
                keyOf={(row) => row.id}
                total={datanet.models.totalCount}
                href={`/models?datanet=${id}`}
                empty="No model was trained on it yet."
              />
            </Section>
            <Section title="Attribution graph" note="Where its data goes, and which money comes back.">
              <WhenSeen height={420}>
                <AttributionGraph root={id} kind="force" />
              </WhenSeen>
            </Section>
            <div className="split">
              <Section title="Curators">
                <More
                  caption="Curators"
                  rows={datanet.curators.nodes}
                  columns={[
                    { title: 'Curator', main: true, cell: ({ account }) => <Address of={account.address} /> },
                    { title: 'Weight', number: true, cell: ({ weight }) => formatCount(weight) },
                    { title: 'State', cell: ({ active }) => (active ? 'active' : 'left') },
                    { title: 'Since', number: true, cell: ({ since }) => <Time at={since.timestamp} /> },
                  ]}
                  keyOf={({ account }) => account.address}
                  empty="Nobody curates it."
                />
              </Section>
              <Section title="Versions">
                <More
                  caption="Versions"
                  rows={datanet.versions.nodes}
                  columns={[
                    { title: 'Version', main: true, cell: ({ version }) => version },
                    { title: 'Items', number: true, cell: ({ itemCount }) => formatCount(itemCount) },
                    { title: 'Content root', cell: ({ contentRoot }) => <Hex of={contentRoot} /> },
                    {
                      title: 'Published',
                      number: true,
                      cell: ({ publishedAt }) => <Time at={publishedAt.timestamp} />,
                    },
                  ]}
                  keyOf={({ version }) => version}
                  empty="No version was published yet."
                />
              </Section>
            </div>
          </div>
        );
      }}
    </Shown>
  );
}

/** Counts as widths, each leading to its rows. */
function StatusBar({ of, href }: { of: readonly (readonly [string, number])[]; href(status: string): string }) {
  const total = of.reduce((sum, [, count]) => sum + count, 0);
  return (
    <ul className="bars">
      {of.map(([status, count]) => (
        <li key={status}>
          <a href={href(status)}>{status}</a>
          <span className="track" aria-hidden="true">
            <i className={`status-${status}`} style={{ width: `${total === 0 ? 0 : (100 * count) / total}%` }} />
          </span>
          <span className="number">{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}
