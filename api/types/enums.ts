import { registerEnumType } from 'type-graphql';
import * as codes from '../../schema/codes';

/** GraphQL's enum of one field's codes, with UNKNOWN for every code without a name. */
function enumOf<Name extends string>(name: string, names: readonly (Name | undefined)[], description?: string) {
  const values = names.filter((each) => each !== undefined) as Name[];
  const object = Object.fromEntries(values.map((value) => [value, value])) as { [Value in Name]: Value };
  registerEnumType(object, { name, ...(description ? { description } : {}) });
  return object;
}

const { UNKNOWN } = codes;
export const DataType = enumOf('DataType', [...codes.dataTypes, UNKNOWN]);
export const DatanetStatus = enumOf('DatanetStatus', [...codes.datanetStatuses, UNKNOWN]);
export const ContributionStatus = enumOf('ContributionStatus', ['PENDING', ...codes.contributionStatuses, UNKNOWN]);
export const ContributionRelation = enumOf('ContributionRelation', [...codes.relations, UNKNOWN]);
export const AttributionMethod = enumOf('AttributionMethod', [...codes.attributionMethods, UNKNOWN]);
export const RewardRole = enumOf('RewardRole', [...codes.roles, UNKNOWN]);
export const FundingSource = enumOf(
  'FundingSource',
  [...codes.fundingSources, UNKNOWN],
  'What a pool was funded by. Supply is fixed, so an emission is a transfer out of an allocation, never a mint.',
);
export const PoolKind = enumOf('PoolKind', [...codes.poolKinds, UNKNOWN]);
export const AccountRole = enumOf('AccountRole', codes.accountRoles);
export const ContributionStage = enumOf('ContributionStage', [
  'UNSCORED',
  'UNDECIDED',
  'REJECTED',
  'NOT_IN_A_VERSION',
  'NOT_TRAINED_ON',
  'NEVER_INFLUENTIAL',
  'UNREWARDED',
  'PAID',
]);

export const DatanetOrderField = enumOf('DatanetOrderField', [
  'CREATED',
  'CONTRIBUTIONS',
  'INFERENCES',
  'EARNED',
  'ACCEPTANCE_RATE',
]);
export const ContributionOrderField = enumOf('ContributionOrderField', ['SUBMITTED', 'SCORE', 'INFLUENCES', 'EARNED']);
export const ModelOrderField = enumOf('ModelOrderField', ['CREATED', 'INFERENCES', 'FEES', 'USERS']);
export const InferenceOrderField = enumOf('InferenceOrderField', ['SETTLED', 'FEE']);
export const InfluenceOrderField = enumOf('InfluenceOrderField', ['POSITION', 'WEIGHT']);
export const RewardOrderField = enumOf('RewardOrderField', ['POSITION', 'AMOUNT']);
export const AccountOrderField = enumOf('AccountOrderField', [
  'FIRST_SEEN',
  'CONTRIBUTIONS',
  'REWARDS',
  'FEES_PAID',
  'INFERENCES',
]);
/** A value of one of the enums. */
export type ValueOf<Enum> = Enum[keyof Enum];
