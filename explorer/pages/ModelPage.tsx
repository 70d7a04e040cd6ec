import { useAsk } from '../data/useAsk';
import { ModelPage as Document, type ModelPageData } from '../documents';
import { titleOf, words } from '../format/names';
import { counted, formatCount, formatShare } from '../format/number';
import { inferenceColumns } from '../lists/inferences';
import { Amount, Amounts } from '../parts/Amount';
import { BackingLegend } from '../parts/BackingBar';
import { Facts, Figures } from '../parts/Facts';
import { Address, Hex } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Shown } from '../parts/states';
import { Time } from '../parts/Time';
import { WhenSeen } from '../parts/WhenSeen';
import { usePast } from '../past/usePast';
import { AttributionGraph, PriceChart, RewardHistoryChart } from './charts';
import { Evidence } from './Evidence';
import { More } from './More';
import { ThingHead } from './ThingHead';
import { TrainedOn } from './TrainedOn';
import { Uri } from './Uri';

type Model = NonNullable<ModelPageData['model']>;

export function ModelPage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Document, { id, asOf: past.asOf, to: past.to }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ model }) => model} what={id}>
      {(model, { rewardHistory }) => (
        <div className="page">
          <ThingHead id={id} title={titleOf(id, model.name)}>
            {model.description && <p className="lead">{model.description}</p>}
          </ThingHead>
          <Figures
            of={[
              ['Inferences', formatCount(model.inferenceCount), counted(model.userCount, 'user')],
              ['Fees', <Amounts key="fees" of={model.fees} />],
              ['Attributed', formatShare(model.attributionCoverage), 'of what was paid for'],
              ['Rating', model.averageRating?.toFixed(1) ?? '–', 'mean of its ratings'],
              ['Price', model.price ? <Price key="price" of={model.price} /> : '–', 'per 1,000 tokens out'],
            ]}
          />
          <div className="split">
            <Section title="Lineage">
              <Facts
                of={[
                  ['Builder', <Address key="builder" of={model.builder.address} />],
                  ['Derived from', model.parent && <Named of={model.parent} />],
                  [
                    'Derived from it',
                    model.children.nodes.length > 0 && (
                      <span className="list">
                        {model.children.nodes.map((child) => (
                          <Named key={child.id} of={child} />
                        ))}
                      </span>
                    ),
                  ],
                  [
                    'Datanets',
                    model.datanets.nodes.length > 0 && (
                      <span className="list">
                        {model.datanets.nodes.map((datanet) => (
                          <Named key={datanet.id} of={datanet} />
                        ))}
                      </span>
                    ),
                  ],
                  ['Metadata', <Uri key="uri" of={model.metadataURI} />],
                  ['Registered', <Evidence key="at" of={model.createdAt} />],
                ]}
              />
            </Section>
            <Section title="Price of 1,000 tokens out">
              <WhenSeen height={140}>
                <PriceChart prices={model.prices.nodes} />
              </WhenSeen>
            </Section>
          </div>
          <Section title="Rewards by what backs them" side={<BackingLegend />} className="panel">
            <WhenSeen height={220}>
              <RewardHistoryChart points={rewardHistory?.points ?? []} />
            </WhenSeen>
          </Section>
          <Section
            title="Attribution graph"
            note="What it learned from, and whom it pays. Widths are weights and shares."
          >
            <WhenSeen height={420}>
              <AttributionGraph root={id} kind="sankey" />
            </WhenSeen>
          </Section>
          <Versions of={model.versions} />
          <Section title="Inferences" note="The newest.">
            <More
              caption="Inferences"
              rows={model.inferences.nodes}
              columns={inferenceColumns}
              without={['Model']}
              keyOf={(row) => row.id}
              total={model.inferenceCount}
              href={`/inferences?model=${id}`}
              empty="Nobody has used it yet."
            />
          </Section>
          {model.adapters.totalCount > 0 && (
            <Section title="Adapters">
              <More
                caption="Adapters"
                rows={model.adapters.nodes}
                columns={[
                  { title: 'Adapter', main: true, cell: (adapter) => <Named of={adapter} /> },
                  { title: 'Builder', cell: ({ builder }) => <Address of={builder.address} /> },
                  { title: 'Base version', number: true, cell: ({ baseVersion }) => baseVersion },
                  { title: 'Inferences', number: true, cell: ({ inferenceCount }) => formatCount(inferenceCount) },
                  { title: 'Created', number: true, cell: ({ createdAt }) => <Time at={createdAt.timestamp} /> },
                ]}
                keyOf={(row) => row.id}
                empty=""
              />
            </Section>
          )}
        </div>
      )}
    </Shown>
  );
}

function Price({ of: { token, per1kOut } }: { of: NonNullable<Model['price']> }) {
  return per1kOut === null ? '–' : <Amount of={{ amount: per1kOut, token }} />;
}

function Versions({ of }: { of: Model['versions'] }) {
  return (
    <Section title="Versions" note="And what each was trained on.">
      <More
        caption="Versions"
        rows={of.nodes}
        columns={[
          { title: 'Version', main: true, cell: ({ version }) => version },
          { title: 'Attribution', cell: ({ attributionMethod }) => words(attributionMethod) },
          { title: 'Trained on', cell: ({ trainingRun }) => <TrainedOn inputs={trainingRun?.inputs ?? []} /> },
          { title: 'Weights', cell: ({ weightsHash }) => <Hex of={weightsHash} /> },
          { title: 'Published', number: true, cell: ({ publishedAt }) => <Time at={publishedAt.timestamp} /> },
        ]}
        keyOf={({ version }) => version}
        total={of.totalCount}
        empty="No version was published yet."
      />
    </Section>
  );
}
