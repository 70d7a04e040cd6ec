import { useRef, useState } from 'react';
import { type PinnedBlock, pages } from '../../client/pages';
import { query } from '../../client/query';
import { API_URL } from '../data/client';
import { Moment } from '../documents';
import { csvLine } from '../format/csv';
import { formatCount } from '../format/number';
import { useConnection } from '../live/connection';
import { DownloadIcon } from '../parts/icons';
import type { Past } from '../past/usePast';
import type { ListDefinition } from './definition';

type State = { is: 'idle' } | { is: 'at work'; rows: number } | { is: 'failed'; why: string };

/**
 * The whole filtered list as a file, all of one block of each chain, in the past of the one that is looked at; a long one
 * says how far it is and can be given up.
 */
export function CsvButton<Data, Row>({
  list,
  variables: { where, orderBy },
  past,
  total,
}: {
  list: ListDefinition<Data, Row>;
  variables: { where: Record<string, unknown>; orderBy?: object };
  past: Past;
  total: number;
}) {
  const { chains } = useConnection();
  const [state, setState] = useState<State>({ is: 'idle' });
  const ending = useRef<AbortController>(null);

  const save = async () => {
    const controller = new AbortController();
    ending.current = controller;
    setState({ is: 'at work', rows: 0 });
    try {
      const lines = [csvLine(list.csv.map(([title]) => title))];
      for (const chainId of past.chainId === undefined ? chains.map((chain) => chain.chainId) : [past.chainId]) {
        const at = past.asOf && (await newestBlock(chainId, past.asOf.number));
        const begin = lines.length;
        let walk = 0;
        for await (const page of pages<Data, Record<string, unknown>, Row>({
          url: API_URL,
          document: list.document as never,
          variables: { where: { ...where, chainId: { eq: chainId } }, orderBy, first: 100 },
          list: (data) => list.page(data),
          chainId,
          at,
          signal: controller.signal,
        })) {
          // A reorg took back what the walk stood on: what was read so far no longer holds.
          if (page.walk !== walk) lines.length = begin;
          walk = page.walk;
          for (const row of page.rows) lines.push(csvLine(list.csv.map(([, cell]) => cell(row))));
          setState({ is: 'at work', rows: lines.length - 1 });
        }
      }
      download(new Blob(lines, { type: 'text/csv;charset=utf-8' }), nameOf(list.path, past));
      setState({ is: 'idle' });
    } catch (error) {
      setState(controller.signal.aborted ? { is: 'idle' } : { is: 'failed', why: (error as Error).message });
    }
  };

  if (state.is === 'at work') {
    return (
      <span className="export" role="status">
        <progress max={total || 1} value={state.rows} aria-label="Exported" />
        {formatCount(state.rows)} of {formatCount(total)}
        <button type="button" className="button" onClick={() => ending.current?.abort()}>
          Cancel
        </button>
      </span>
    );
  }
  return (
    <span className="export">
      {state.is === 'failed' && <span role="alert">{state.why}</span>}
      <button type="button" className="button" onClick={save} disabled={total === 0}>
        <DownloadIcon /> CSV
      </button>
    </span>
  );
}

/** The newest block with events up to a height: as of it everything is as of that height, and it is known by its hash. */
async function newestBlock(chainId: number, number: number): Promise<PinnedBlock> {
  const { events } = await query(API_URL, Moment, { chainId, block: number });
  const block = events?.nodes[0]?.at.block;
  if (!block) throw new Error(`Nothing had happened by block ${number}.`);
  return block;
}

const nameOf = (path: string, { asOf }: Past) => `${path.slice(1)}${asOf ? `-at-${asOf.number}` : ''}.csv`;

export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
