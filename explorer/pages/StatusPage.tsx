import { formatCount, formatShare } from '../format/number';
import { type ChainState, useConnection } from '../live/connection';
import { Facts } from '../parts/Facts';
import { Hex } from '../parts/Hex';
import { Section } from '../parts/Section';
import { Loading } from '../parts/states';
import { Time } from '../parts/Time';
import { WhenSeen } from '../parts/WhenSeen';
import { DoubleEntry } from './charts';

const DEMO_CHAIN = 31337;

/** How far each chain is indexed, live. */
export function StatusPage() {
  const { chains, state } = useConnection();
  return (
    <div className="page">
      <title>Status · Flywheel</title>
      <header className="head">
        <h1>Status</h1>
        <p className="lead">
          How far each chain has been read, how far it is proven complete, and what stands in the way.
        </p>
      </header>
      {chains.length === 0 && state === 'live' && <p className="state">No chain has been indexed yet.</p>}
      {chains.length === 0 && state !== 'live' && <Loading />}
      {chains.map((chain) => (
        <Chain key={chain.chainId} chain={chain} />
      ))}
    </div>
  );
}

function Chain({ chain }: { chain: ChainState }) {
  const { head, indexed, finalized, safe, verifiedTo, progress } = chain;
  const proven = verifiedTo !== null && indexed ? Math.min(1, (verifiedTo + 1) / (indexed.number + 1)) : null;
  return (
    <Section
      title={chain.name}
      note={`Chain ${chain.chainId}${chain.chainId === DEMO_CHAIN ? ': a local chain, everything on it is made up' : ''}`}
      className="panel wide-facts"
    >
      {chain.error && (
        <p className="banner bad" role="alert">
          {chain.error}
        </p>
      )}
      <ul className="meters">
        <Meter name="Indexed" share={progress} />
        {proven !== null && <Meter name="Proven complete" share={proven} />}
      </ul>
      <Facts
        of={[
          ['Head', head && <Place block={head} />],
          ['Indexed', indexed && <Place block={indexed} />],
          ['Blocks behind', chain.blocksBehind !== null && formatCount(chain.blocksBehind)],
          ['Safe', safe && formatCount(safe.number)],
          ['Final', finalized && formatCount(finalized.number)],
          ['Proven to', verifiedTo === null ? 'not checked' : formatCount(verifiedTo)],
          ['Events per second', formatCount(chain.eventsPerSecond)],
          [
            'Reorgs',
            `${formatCount(chain.reorgs)}${chain.reorgs > 0 ? `, the deepest ${chain.deepestReorg} blocks` : ''}`,
          ],
          ['Logs not decoded', formatCount(chain.undecodedLogs)],
        ]}
      />
      <h3>Does all of it add up?</h3>
      <WhenSeen height={220}>
        <DoubleEntry scope="CHAIN" id={`chain:${chain.chainId}`} />
      </WhenSeen>
      {chain.warnings.length > 0 && (
        <ul className="warnings">
          {chain.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Place({ block }: { block: NonNullable<ChainState['head']> }) {
  return (
    <>
      {formatCount(block.number)}{' '}
      <small className="quiet">
        <Hex of={block.hash} /> <Time at={block.timestamp} />
      </small>
    </>
  );
}

function Meter({ name, share }: { name: string; share: number }) {
  return (
    <li>
      <span>{name}</span>
      <progress max={1} value={share} aria-label={name} />
      <span className="number">{formatShare(share)}</span>
    </li>
  );
}
