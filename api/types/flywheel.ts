import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../scalars';
import { Backing } from './backing';
import { Token, TokenAmount } from './token';

/** In the loop's order, which decides between stages that are equally weak. */
export enum LoopStage {
  CONTRIBUTE = 'CONTRIBUTE',
  ORGANIZE = 'ORGANIZE',
  BUILD = 'BUILD',
  USE = 'USE',
  REWARD = 'REWARD',
  REPEAT = 'REPEAT',
}
registerEnumType(LoopStage, {
  name: 'LoopStage',
  description: 'What has to happen for the loop to turn, and what is counted of it in a window.',
  valuesConfig: {
    CONTRIBUTE: { description: 'Contributions submitted.' },
    ORGANIZE: { description: 'Contributions finalized as accepted, whatever came later.' },
    BUILD: { description: 'Model versions published.' },
    USE: { description: 'Inferences with a fee.' },
    REWARD: { description: 'Rewards of which a part came from fees.' },
    REPEAT: { description: 'Accounts that contributed, or paid, and had done the same before the window.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A share of the amounts of one token.' })
export class TokenShare {
  @Field(() => Token)
  token!: () => Promise<Token>;

  @Field(() => Float, { description: '0..1' })
  share!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Share of contributors still unpaid after so many seconds; at most 200 points.',
})
export class SurvivalPoint {
  @Field(() => Float)
  seconds!: number;

  @Field(() => Float, { description: '0..1' })
  unpaid!: number;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Seconds from first accepted contribution to first reward. Kaplan-Meier: contributors not paid yet are censored, not left out; median and p90 are the first times at which the survival curve is at or below 0.5 and 0.1, null where it never is.',
})
export class TimeToFirstPayout {
  @Field(() => Float, { nullable: true })
  median!: number | null;

  @Field(() => Float, { nullable: true })
  p90!: number | null;

  @Field(() => Int, { description: 'Contributors paid before the end of the window.' })
  paid!: number;

  @Field(() => Int, { description: 'Contributors not paid by then.' })
  waiting!: number;

  @Field(() => [SurvivalPoint], {
    description: 'The times at which somebody was paid; before the first the share is 1.',
  })
  curve!: SurvivalPoint[];
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Of contributor rewards in the window, in the token with the most fees: Herfindahl-Hirschman index, 1/HHI, top-1% share.',
})
export class Concentration {
  @Field(() => Float, { description: 'Sum of the squares of all shares: 1 where one account has everything.' })
  hhi!: number;

  @Field(() => Float, { description: 'As many contributors with equal shares would be as concentrated.' })
  effectiveContributors!: number;

  @Field(() => Float, { description: 'What the best paid of every hundred contributors got, 0..1.' })
  topPercentShare!: number;
}

@ObjectType({ simpleResolvers: true, description: 'A stage of the loop in a window, next to the window before.' })
export class FlywheelStage {
  @Field(() => LoopStage)
  stage!: LoopStage;

  @Field(() => Int)
  value!: number;

  @Field(() => Int, { description: 'In the window of the same length before.' })
  previous!: number;

  @Field(() => Float, { nullable: true, description: 'value / previous; null if previous is 0' })
  gain!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'Is the loop turning? One window, [from, to).' })
export class Flywheel {
  @Field(() => DateTimeScalar)
  from!: Date;

  @Field(() => DateTimeScalar)
  to!: Date;

  @Field(() => Int, { description: 'Contributions submitted.' })
  contributions!: () => Promise<number>;

  @Field(() => Int, { description: 'Contributions finalized as accepted, whatever came later.' })
  accepted!: () => Promise<number>;

  @Field(() => Int, { description: 'Accounts that submitted contributions.' })
  contributors!: () => Promise<number>;

  @Field(() => Int, { description: 'Those of them that had never done so before.' })
  newContributors!: () => Promise<number>;

  @Field(() => Int, { description: 'Models registered.' })
  models!: () => Promise<number>;

  @Field(() => Int, { description: 'Inferences settled, with a fee or without.' })
  inferences!: () => Promise<number>;

  @Field(() => Int, { description: 'Accounts that used models for a fee.' })
  payingUsers!: () => Promise<number>;

  @Field(() => Int, { description: 'Those of them that had never paid before.' })
  newPayingUsers!: () => Promise<number>;

  @Field(() => [TokenAmount], {
    description: 'Of the inferences settled in the window, less all refunds of those, whenever they came.',
  })
  fees!: () => Promise<TokenAmount[]>;

  @Field(() => [Backing], { description: 'What the rewards that accrued in the window were funded by, per token.' })
  backing!: () => Promise<Backing[]>;

  @Field(() => [TokenShare], {
    description: 'Fees from payers who received no reward in the window and the 90 days before it / all fees, 0..1.',
  })
  externalDemand!: () => Promise<TokenShare[]>;

  @Field(() => Float, {
    nullable: true,
    description: 'Paid inferences of the window that have an attribution / paid inferences, 0..1; null without any.',
  })
  attributionCoverage!: () => Promise<number | null>;

  @Field(() => Float, {
    nullable: true,
    description: 'Accepted contributions with any influence in the window / accepted contributions so far, 0..1.',
  })
  dataUtilisation!: () => Promise<number | null>;

  @Field(() => TimeToFirstPayout, {
    nullable: true,
    description:
      'How long contributors wait to be paid, as known at the end of the window; null before any was accepted.',
  })
  timeToFirstPayout!: () => Promise<TimeToFirstPayout | null>;

  @Field(() => Concentration, {
    nullable: true,
    description: 'How few get most of it; null where no fees, or no contributor rewards in their token, are.',
  })
  concentration!: () => Promise<Concentration | null>;

  @Field(() => [FlywheelStage], {
    description:
      "The loop's stages against the window of the same length before; the weakest is where the flywheel slows down.",
  })
  stages!: () => Promise<FlywheelStage[]>;

  @Field(() => LoopStage, { nullable: true, description: 'The lowest gain there is; of equal ones the earlier stage.' })
  weakestStage!: () => Promise<LoopStage | null>;
}
