import { useRef, useState } from 'react';
import { pages } from '../../client/pages';
import { API_URL } from '../data/client';
import { csvLine } from '../format/csv';
import { formatCount } from '../format/number';
import { DownloadIcon } from '../parts/icons';
import type { ListDefinition } from './definition';

type State = { is: 'idle' } | { is: 'at work'; rows: number } | { is: 'failed'; why: string };

/** The whole filtered list as a file, all of one block; a long one says how far it is and can be given up. */
export function CsvButton<Data, Row>({
  list,
  variables,
  total,
}: {
  list: ListDefinition<Data, Row>;
  variables: { where: Record<string, unknown>; orderBy?: object };
  total: number;
}) {
  const [state, setState] = useState<State>({ is: 'idle' });
  const ending = useRef<AbortController>(null);

  const save = async () => {
    const controller = new AbortController();
    ending.current = controller;
    setState({ is: 'at work', rows: 0 });
    try {
      const head = csvLine(list.csv.map(([title]) => title));
      let lines = [head];
      let walk = 0;
      for await (const page of pages<Data, Record<string, unknown>, Row>({
        url: API_URL,
        document: list.document as never,
        variables: { ...variables, first: 100 },
        list: (data) => list.page(data),
        signal: controller.signal,
      })) {
        // A reorg took back what the walk stood on: what was read so far no longer holds.
        if (page.walk !== walk) lines = [head];
        walk = page.walk;
        for (const row of page.rows) lines.push(csvLine(list.csv.map(([, cell]) => cell(row))));
        setState({ is: 'at work', rows: lines.length - 1 });
      }
      download(new Blob(lines, { type: 'text/csv;charset=utf-8' }), `${list.path.slice(1)}.csv`);
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

export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
