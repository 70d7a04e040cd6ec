import type { EventArgs } from '../../schema/eventDecoder';
import { all, fact, facts, type Projections, unless, ZERO_WORD } from './projection';

export const modelRegistry: Projections = {
  ModelRegistered: fact('model', 'modelId', 'builder', 'parentModelId', 'metadataHash', 'metadataURI'),
  // A run with runId zero is an event only.
  TrainingRunRecorded: unless(
    'runId',
    ZERO_WORD,
    all(
      fact('training_run', 'runId', 'modelId', 'runner', 'configHash', 'evalHash'),
      facts(
        'training_input',
        (args) => args['inputs'] as EventArgs[],
        (input, i) => {
          const { datanetId, datanetVersion, weightPpm } = input as {
            datanetId: bigint;
            datanetVersion: bigint;
            weightPpm: number;
          };
          return [i, datanetId, datanetVersion, weightPpm];
        },
      ),
    ),
  ),
  ModelVersionPublished: fact('model_version', 'modelId', 'version', 'runId', 'weightsHash', 'attributionMethod'),
  AdapterRegistered: fact('adapter', 'adapterId', 'modelId', 'builder', 'baseVersion', 'runId', 'adapterHash'),
  PriceSet: fact('price', 'modelId', 'token', 'per1kIn', 'per1kOut', 'platformFee'),
  FeedbackRecorded: fact('feedback', 'inferenceId', 'modelId', 'rater', 'rating', 'feedbackHash'),
};
