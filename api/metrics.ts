import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ChainRow } from './context';

/** The server's figures; a registry of its own, so that two servers in a process don't share them. */
export interface Metrics {
  operations: Counter<'type' | 'outcome'>;
  seconds: Histogram<'type'>;
  sockets: Gauge;
  subscriptions: Gauge;
  deliveries: Counter;
  /** The exposition text; the chains' gauges are read when asked. */
  text(): Promise<string>;
  contentType: string;
}

export function openMetrics(readChains: () => Promise<ChainRow[]>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const chain = (name: string, help: string, value: (row: ChainRow) => number | bigint | null) => ({
    gauge: new Gauge({ name: `flywheel_chain_${name}`, help, labelNames: ['chain'], registers }),
    value,
  });
  const chains = [
    chain('head_block', "The node's head", (row) => row.head_number),
    chain('indexed_block', 'The newest indexed block', (row) => row.indexed_number),
    chain('finalized_block', 'The newest finalized block', (row) => row.finalized_number),
    chain('reorgs', 'Rewinds so far', (row) => row.reorgs),
    chain('undecoded_logs', 'Logs that no profile decodes', (row) => row.undecoded_logs),
    chain('error', '1 while the chain stands still', (row) => (row.error === null ? 0 : 1)),
  ];
  return {
    operations: new Counter({
      name: 'flywheel_graphql_operations_total',
      help: 'GraphQL operations',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    seconds: new Histogram({
      name: 'flywheel_graphql_seconds',
      help: 'Time to answer a GraphQL operation over HTTP',
      labelNames: ['type'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    sockets: new Gauge({ name: 'flywheel_sockets', help: 'Open WebSockets', registers }),
    subscriptions: new Gauge({ name: 'flywheel_subscriptions', help: 'Running subscriptions', registers }),
    deliveries: new Counter({ name: 'flywheel_deliveries_total', help: 'Messages of subscriptions', registers }),
    async text() {
      const rows = await readChains().catch(() => []);
      for (const { gauge, value } of chains) {
        gauge.reset();
        for (const row of rows) {
          const current = value(row);
          if (current !== null) gauge.set({ chain: String(row.chain_id) }, Number(current));
        }
      }
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
