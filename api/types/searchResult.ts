import { createUnionType } from 'type-graphql';
import { Account } from './account';
import { Block } from './block';
import { Contribution } from './contribution';
import { Datanet } from './datanet';
import { Inference } from './inference';
import { Adapter, Model } from './model';
import { type NodeObject, typeNameOf } from './node';
import { Pool } from './pool';
import { Reward } from './reward';

export type Found = NodeObject | Block;

export const SearchResult = createUnionType({
  name: 'SearchResult',
  types: () => [Datanet, Contribution, Model, Adapter, Inference, Account, Pool, Reward, Block] as const,
  resolveType: (value: object) => ('id' in value ? typeNameOf(value as NodeObject) : 'Block'),
});
