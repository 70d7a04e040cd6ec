import { registerEnumType } from 'type-graphql';

export enum Bucket {
  HOUR = 'HOUR',
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
}
registerEnumType(Bucket, {
  name: 'Bucket',
  description: 'How long the parts of a series are. All begin and end in UTC.',
  valuesConfig: {
    HOUR: { description: 'From minute 0 on.' },
    DAY: { description: 'From midnight on.' },
    WEEK: { description: 'From Monday on.' },
    MONTH: { description: 'From the first on.' },
  },
});
