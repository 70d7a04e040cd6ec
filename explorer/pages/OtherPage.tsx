import type { ReactNode } from 'react';
import { useAsk } from '../data/useAsk';
import { Other, type OtherData } from '../documents';
import { partsOf, titleOf } from '../format/names';
import { formatCount, formatPpm } from '../format/number';
import { Amount } from '../parts/Amount';
import { Bond } from '../parts/Bond';
import { Facts } from '../parts/Facts';
import { Address, Hex } from '../parts/Hex';
import { Named } from '../parts/Named';
import { Section } from '../parts/Section';
import { Missing, Shown } from '../parts/states';
import { usePast } from '../past/usePast';
import { Evidence } from './Evidence';
import { ThingHead } from './ThingHead';

type Node = NonNullable<OtherData['node']>;
type Rows = readonly (readonly [string, ReactNode])[];

/** Things that are small enough for a plain page: events, claims, reversals, disputes, single influences, tokens. */
export function OtherPage({ id }: { id: string }) {
  const past = usePast();
  const asked = useAsk(Other, { id, asOf: past.asOf }, { pause: past.isWaiting });
  return (
    <Shown asked={asked} part={({ node }) => node} what={id}>
      {(node) => {
        const rows = rowsOf(node);
        if (!rows) return <Missing what={id} />;
        return (
          <div className="page">
            <ThingHead id={id} title={node.__typename === 'ChainEvent' ? node.name : titleOf(id)} />
            <Section title="What it says" className="panel">
              <Facts of={rows} />
            </Section>
          </div>
        );
      }}
    </Shown>
  );
}

const linked = (id: string | null | undefined) => (id ? <Named of={{ id }} /> : null);

function rowsOf(node: Node): Rows | null {
  switch (node.__typename) {
    case 'ChainEvent':
      return [
        ...node.args.map(({ name, type, value }) => [name, <Argument key={name} type={type} value={value} />] as const),
        [
          'About',
          <span key="about" className="list">
            {node.subjects.map((subject) => (
              <Named key={subject} of={{ id: subject }} />
            ))}
          </span>,
        ],
        ['Contract', <Hex key="contract" of={node.contract} />],
        ['Emitted', <Evidence key="at" of={node.at} name={node.name} />],
      ];
    case 'Influence':
      return [
        ['Weight', formatPpm(node.weightPpm)],
        ['Influence', formatCount(node.influence)],
        ['Current', node.current ? 'yes' : 'no: a revision came after it'],
        ['Contribution', linked(node.contribution?.id)],
        ['Inference', linked(node.inference?.id)],
        ['Datanet', node.datanet && <Named of={node.datanet} />],
        ['Contributor', <Address key="contributor" of={node.contributor.address} />],
        ['Recorded', <Evidence key="at" of={node.at} />],
      ];
    case 'Claim':
      return [
        ['Amount', <Amount key="amount" of={node.amount} />],
        ['Beneficiary', <Address key="of" of={node.beneficiary.address} />],
        ['Paid to', <Address key="to" of={node.to.address} />],
        ['Pool', linked(node.pool?.id)],
        ['Claimed', <Evidence key="at" of={node.claimedAt} />],
      ];
    case 'Reversal':
      return [
        ['Amount', <Amount key="amount" of={node.amount} />],
        ['Beneficiary', <Address key="of" of={node.beneficiary.address} />],
        ['Reason code', String(node.reason)],
        ['Inference', linked(node.inference?.id)],
        ['Pool', linked(node.pool?.id)],
        ['Taken back', <Evidence key="at" of={node.reversedAt} />],
      ];
    case 'Dispute':
      return [
        ['State', node.resolved ? (node.upheld ? 'upheld' : 'dismissed') : 'open'],
        ['Contribution', linked(node.contribution?.id)],
        ['Challenger', <Address key="by" of={node.challenger.address} />],
        ['Bond', <Bond key="bond" of={node.bond} chainId={partsOf(node.id).chainId} />],
        ['Slashed', node.slashed && <Bond key="slashed" of={node.slashed} chainId={partsOf(node.id).chainId} />],
        ['Opened', <Evidence key="at" of={node.openedAt} />],
        ['Resolved', node.resolvedAt && <Evidence key="resolved" of={node.resolvedAt} />],
      ];
    case 'Token':
      return [
        ['Symbol', node.symbol],
        ['Decimals', node.decimals === null ? 'not known' : String(node.decimals)],
        ['Address', node.address ? <Hex key="address" of={node.address} /> : null],
        ['Kind', node.native ? 'the native token of its chain' : 'a contract'],
      ];
    default:
      return null;
  }
}

/** What an event carries is text, whatever it looks like. */
function Argument({ type, value }: { type: string; value: string }) {
  if (type === 'address') return <Address of={value} />;
  if (value.length > 20 && value.startsWith('0x')) return <Hex of={value} />;
  return <span className="mono wrap">{value}</span>;
}
