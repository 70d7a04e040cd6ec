// The entities, with the decorators that squid-typeorm-codegen writes for a schema.graphql.
const { BigIntColumn, Entity, Index, IntColumn, PrimaryColumn, StringColumn } = require('@subsquid/typeorm-store');

const columns = { int: IntColumn, big: BigIntColumn, text: StringColumn };

/** `fields`: name:type, with ? where it may be null and ! where it is indexed. */
function entity(name, fields) {
  const made = {
    [name]: class {
      constructor(props) {
        Object.assign(this, props);
      }
    },
  }[name];
  // What TypeScript's emitDecoratorMetadata says of a property.
  Reflect.defineMetadata('design:type', String, made.prototype, 'id');
  PrimaryColumn()(made.prototype, 'id');
  for (const field of fields.trim().split(/\s+/)) {
    const [, property, type, mark] = /^(\w+):(\w+)([?!]?)$/.exec(field);
    columns[type]({ nullable: mark === '?' })(made.prototype, property);
    if (mark === '!') Index()(made.prototype, property);
  }
  Entity()(made);
  exports[name] = made;
}

function fact(name, fields) {
  entity(name, `blockNumber:int logIndex:int timestamp:int txHash:text ${fields}`);
}

fact('Datanet', 'datanetId:big owner:text transactionId:text dataType:int metadataHash:text metadataUri:text');
fact('DatanetVersion', 'datanetId:big version:big contentRoot:text itemCount:big manifestHash:text');
fact(
  'Contribution',
  `item:int contributionId:big datanetId:big! contributor:text! contentHash:text sizeBytes:big? licenseId:text?
   bond:big uri:text?`,
);
fact('ContributionScore', 'contributionId:big! curator:text round:int scorePpm:int evidenceHash:text');
fact('ContributionDecision', 'contributionId:big! status:int datanetVersion:big scorePpm:int reason:int');
fact('Model', 'modelId:big builder:text parentModelId:big metadataHash:text metadataUri:text');
fact('ModelVersion', 'modelId:big version:int runId:text weightsHash:text attributionMethod:int');
fact('TrainingRun', 'runId:text modelId:big runner:text configHash:text evalHash:text');
fact(
  'Inference',
  `inferenceId:text modelId:big! userAddress:text! modelVersion:int tokensIn:big tokensOut:big feeToken:text fee:big
   outputHash:text`,
);
fact('FeeSplit', 'inferenceId:text! platform:big model:big stakers:big contributors:big');
fact('Attribution', 'inferenceId:text! epoch:big method:int leavesRoot:text leafCount:int');
fact('Influence', 'inferenceId:text! datanetId:big contributionId:big! contributor:text influence:big weightPpm:int');
fact('Pool', 'poolId:text kind:int subjectId:big token:text');
fact('PoolFunding', 'poolId:text! source:int ref:text funder:text amount:big');
fact('Reward', 'poolId:text! beneficiary:text! ref:text! role:int contributionId:big amount:big epoch:big');
fact('Claim', 'poolId:text! beneficiary:text! recipient:text amount:big');

entity('PoolTotal', 'poolId:text fee:big emission:big granted:big slashed:big accrued:big claimed:big');
entity('AccountPool', 'account:text! poolId:text accrued:big claimed:big');
entity('DatanetTotal', 'datanetId:big contributions:int bonded:big');
