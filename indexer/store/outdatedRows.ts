import type { ClientBase } from 'pg';
import type { ContractSet, RawLog } from '../../schema/contractSet';
import { eventTypeKey } from '../../schema/posting';
import { LogPack } from './logPack';
import { hexOf } from './segments';

/** Of logs that may be decodable by now, so many are tried. */
const MOST_TRIED = 10_000;

/**
 * What an earlier release made of a chain's logs and this one would make otherwise, as a sentence with what to do;
 * undefined where nothing shows. Decoders and profiles are of the program, so their change is no change of the network
 * file's: nothing is read anew by itself.
 */
export async function outdatedRows(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  contracts: ContractSet,
): Promise<string | undefined> {
  const [decodable, former] = [
    await countDecodable(client, chainId, contracts),
    await formerTypes(client, chainId, contracts),
  ];
  const found = [
    ...(decodable > 0 ? [`${countOf(decodable)} kept as undecoded are events that this release knows`] : []),
    ...(former.length > 0 ? [`some events are stored by signatures that it has no more (${former.join(', ')})`] : []),
  ];
  if (found.length === 0) return undefined;
  return `what is indexed was decoded by another release: ${found.join(', and ')}; npm run reindex makes every row anew from the stored logs`;
}

function countOf(logs: number): string {
  if (logs === 1) return '1 log';
  return logs < MOST_TRIED ? `${logs} logs` : `${logs} logs or more`;
}

/** Undecoded logs that are events by now. */
async function countDecodable(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  contracts: ContractSet,
): Promise<number> {
  const topic0s = [...new Set(contracts.eventTypes.map(({ decoder }) => decoder.topic0))];
  const { rows } = await client.query<{ number: bigint; contract: Buffer; topics: Buffer[]; data: Buffer }>(
    `select block_of(pos) as number, contract, topics, data from undecoded_log
     where chain_id = $1 and topics[1] = any($2)
     order by pos
     limit ${MOST_TRIED}`,
    [chainId, topic0s.map((topic0) => Buffer.from(topic0.slice(2), 'hex'))],
  );
  const logs = rows.map(
    ({ number, contract, topics, data }, logIndex): RawLog => ({
      blockNumber: Number(number),
      logIndex,
      transactionHash: NO_TRANSACTION,
      address: hexOf(contract),
      topics: topics.map(hexOf),
      data: hexOf(data),
    }),
  );
  return Array.from(LogPack.of(logs)).filter((log) => contracts.decode(log).kind === 'event').length;
}

const NO_TRANSACTION = `0x${'00'.repeat(32)}`;

/** Events by whose signatures rows are stored and that no configured contract has now. */
async function formerTypes(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  contracts: ContractSet,
): Promise<string[]> {
  const known = new Set(
    contracts.eventTypes.map(({ profile, contract, decoder }) => `${profile}/${contract}/${decoder.fragment}`),
  );
  const { rows } = await client.query<{
    id: number;
    profile: string;
    contract: string;
    name: string;
    fragment: string;
  }>('select id, profile, contract, name, fragment from event_type order by id');
  const former = rows.filter(({ profile, contract, fragment }) => !known.has(`${profile}/${contract}/${fragment}`));
  if (former.length === 0) return [];
  const { rows: used } = await client.query<{ place: number }>(
    `select place from unnest($2::bytea[]) with ordinality as type (subject, place)
     where exists (select from posting p where p.subject = type.subject and p.chain_id = $1)`,
    [chainId, former.map(({ id }) => eventTypeKey(id))],
  );
  const names = used.flatMap(({ place }) => former[Number(place) - 1] ?? []);
  return [...new Set(names.map(({ contract, name }) => `${contract}.${name}`))];
}
