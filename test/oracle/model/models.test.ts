import { id } from 'ethers';
import { ANN, COIN, MAX, native, only, RUN, receipt, type Told, told, ZERO } from '../told';
import type { JsonObject } from './json';

describe('a model', () => {
  test('has no parent by the id 0, and lists its children, runs once and existing datanets', () => {
    const input = (datanetId: bigint) => ({ datanetId, datanetVersion: 1n, weightPpm: 250_000n });
    const oracle = told(
      ['ModelRegistered', { modelId: 0n, parentModelId: 0n }],
      ['ModelRegistered', { modelId: 1n, parentModelId: 2n }],
      ['ModelRegistered', { modelId: 2n, parentModelId: 9n }],
      ['DatanetCreated', { datanetId: 5n }],
      ['TrainingRunRecorded', { runId: RUN, modelId: 1n, inputs: [input(5n), input(5n), input(6n)] }],
      ['TrainingRunRecorded', { runId: RUN, modelId: 2n, inputs: [input(5n)] }],
      ['ModelVersionPublished', { modelId: 2n, version: 3n, runId: RUN }],
    );
    const [zero, one, two] = oracle.models() as [JsonObject, JsonObject, JsonObject];
    expect([zero, one, two].map(({ parent, children }) => [parent, children])).toEqual([
      [null, []],
      [{ id: 'model:1:2' }, []],
      [null, [{ id: 'model:1:1' }]],
    ]);
    expect(one).toMatchObject({ datanets: [{ id: 'datanet:1:5' }], totals: { trainingRuns: 1, datanets: 1 } });
    expect(two).toMatchObject({ datanets: [], versions: [{ trainingRun: { runId: RUN } }], latestVersion: '3' });
    expect(only(oracle.datanets())['modelCount']).toBe(1);
  });

  test('counts fees less refunds per token, coverage of what was paid, and all ratings', () => {
    const settled = (name: string, fee: bigint, feeToken = ZERO): Told => [
      'InferenceSettled',
      { inferenceId: id(name), modelId: 1n, user: ANN, receipt: receipt({ fee, feeToken }) },
    ];
    const oracle = told(
      ['InferenceRefunded', { inferenceId: id('a'), amount: 4n }],
      ['ModelRegistered', { modelId: 1n }],
      settled('a', 3n),
      settled('a', 1000n),
      settled('b', 5n, COIN),
      settled('c', 0n),
      ['AttributionCommitted', { inferenceId: id('b') }],
      ['AttributionCommitted', { inferenceId: id('c') }],
      ['FeedbackRecorded', { modelId: 1n, rating: -128n }],
      ['FeedbackRecorded', { modelId: 1n, rating: 127n }],
      ['PriceSet', { modelId: 1n, token: COIN, per1kIn: MAX }],
    );
    const fees = [{ token: { id: `token:1:${COIN}` }, amount: '5' }, native(-1)];
    expect(only(oracle.models())).toMatchObject({
      fees,
      inferenceCount: 3,
      userCount: 1,
      attributionCoverage: 0.5,
      averageRating: -0.5,
      price: { token: { id: `token:1:${COIN}` }, per1kIn: String(MAX) },
    });
    expect(only(oracle.accounts())).toMatchObject({ feesPaid: fees, roles: ['USER'], inferenceCount: 3 });
  });
});
