import { useAsk } from '../data/useAsk';
import { AdapterPage as Document } from '../documents';
import { titleOf } from '../format/names';
import { formatCount } from '../format/number';
import { Facts } from '../parts/Facts';
import { Address, Hex } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Shown } from '../parts/states';
import { usePast } from '../past/usePast';
import { Evidence } from './Evidence';
import { ThingHead } from './ThingHead';
import { TrainedOn } from './TrainedOn';

export function AdapterPage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Document, { id, asOf: past.asOf }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ adapter }) => adapter} what={id}>
      {(adapter) => (
        <div className="page">
          <ThingHead id={id} title={titleOf(id)}>
            <p className="lead">
              Of <Named of={adapter.model} />, by <Address of={adapter.builder.address} />
            </p>
          </ThingHead>
          <Section title="About" className="panel">
            <Facts
              of={[
                ['Base version', adapter.baseVersion],
                ['Inferences', formatCount(adapter.inferenceCount)],
                ['Trained on', <TrainedOn key="inputs" inputs={adapter.trainingRun?.inputs ?? []} />],
                ['Hash', <Hex key="hash" of={adapter.adapterHash} />],
                ['Registered', <Evidence key="at" of={adapter.createdAt} />],
              ]}
            />
          </Section>
        </div>
      )}
    </Shown>
  );
}
