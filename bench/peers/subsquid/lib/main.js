// Environment: DB_URL, RPC_URL, CONTRACTS (addresses, separated by commas).
const { EvmBatchProcessor } = require('@subsquid/evm-processor');
const { TypeormDatabase } = require('@subsquid/typeorm-store');
const { Batch } = require('./batch');
const { handlers } = require('./rows');

const processor = new EvmBatchProcessor()
  .setRpcEndpoint({ url: process.env.RPC_URL, capacity: 10, maxBatchCallSize: 100 })
  .setRpcDataIngestionSettings({ headPollInterval: 500 })
  .setFinalityConfirmation(0)
  .setBlockRange({ from: 0 })
  .setFields({ block: { timestamp: true }, log: { topics: true, data: true, transactionHash: true } })
  .addLog({ address: process.env.CONTRACTS.split(','), topic0: [...handlers.keys()] });

processor.run(new TypeormDatabase(), async ({ blocks, store }) => {
  const batch = new Batch();
  for (const { header, logs } of blocks) {
    const timestamp = Math.floor(header.timestamp / 1000);
    for (const log of logs) {
      const place = { blockNumber: header.height, logIndex: log.logIndex, timestamp, txHash: log.transactionHash };
      handlers.get(log.topics[0])?.(log, place, batch);
    }
  }
  await batch.write(store);
});
