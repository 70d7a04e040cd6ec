import { all, constant, fact, facts, type Projections } from './projection';

export const inferenceLedger: Projections = {
  CreditConsumed: fact('credit', 'user', constant(null), 'creditAmount'),
  InferenceSettled: all(
    fact(
      'inference',
      'inferenceId',
      'modelId',
      'user',
      'receipt.modelVersion',
      'receipt.tokensIn',
      'receipt.tokensOut',
      'receipt.feeToken',
      'receipt.fee',
      'receipt.outputHash',
    ),
    facts(
      'inference_adapter',
      (args) => (args['receipt'] as { adapterIds: bigint[] }).adapterIds,
      (adapterId, i) => [i, adapterId as bigint],
    ),
  ),
  FeeSplit: fact('fee_split', 'inferenceId', 'platform', 'model', 'stakers', 'contributors'),
  InferenceRefunded: fact('refund', 'inferenceId', 'amount', 'reason'),
  FeeParamsSet: fact('fee_params', 'platformBps', 'modelBps', 'stakersBps', 'contributorsBps', 'effectiveAt'),
};

export const creditManager: Projections = {
  CreditPurchased: fact('credit', 'user', 'creditAmount', constant(null)),
};

export const attributionLedger: Projections = {
  AttributionCommitted: fact('attribution', 'inferenceId', 'epoch', 'method', 'leavesRoot', 'leafCount'),
  InfluenceRecorded: fact(
    'influence',
    'inferenceId',
    'datanetId',
    'contributionId',
    'contributor',
    'influence',
    'weightPpm',
  ),
  AttributionRevised: fact('attribution_revision', 'inferenceId', 'newRoot'),
};
