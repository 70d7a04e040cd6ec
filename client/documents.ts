// Made from client/documents/*.graphql and schema/schema.graphql by `node dist/start/makeClient.js`.

import type { TypedDocument } from './query';

export type AddressFilter = {
  eq?: string | null;
  in?: readonly (string)[] | null;
};

export type BigIntFilter = {
  eq?: string | null;
  gt?: string | null;
  gte?: string | null;
  in?: readonly (string)[] | null;
  lt?: string | null;
  lte?: string | null;
};

export type BlockRef = {
  hash?: string | null;
  minNumber?: number | null;
  number?: number | null;
};

export type ChainFilter = {
  eq?: number | null;
  in?: readonly (number)[] | null;
};

export type ContributionFilter = {
  block?: IntFilter | null;
  chainId?: ChainFilter | null;
  contentHash?: string | null;
  contributor?: AddressFilter | null;
  datanet?: IDFilter | null;
  status?: 'ACCEPTED' | 'PENDING' | 'REJECTED' | 'SLASHED' | 'UNKNOWN' | null;
  submittedAt?: DateTimeFilter | null;
};

export type ContributionOrder = {
  direction?: 'ASC' | 'DESC';
  field: 'EARNED' | 'INFLUENCES' | 'SCORE' | 'SUBMITTED';
  token?: string | null;
};

export type DateTimeFilter = {
  gte?: string | null;
  lt?: string | null;
};

export type IDFilter = {
  eq?: string | null;
  in?: readonly (string)[] | null;
};

export type IntFilter = {
  eq?: number | null;
  gt?: number | null;
  gte?: number | null;
  in?: readonly (number)[] | null;
  lt?: number | null;
  lte?: number | null;
};

export type RewardFilter = {
  accruedAt?: DateTimeFilter | null;
  amount?: BigIntFilter | null;
  beneficiary?: AddressFilter | null;
  block?: IntFilter | null;
  chainId?: ChainFilter | null;
  contribution?: IDFilter | null;
  datanet?: IDFilter | null;
  inference?: IDFilter | null;
  model?: IDFilter | null;
  pool?: IDFilter | null;
  role?: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN' | null;
  source?: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN' | null;
  token?: string | null;
};

export type RewardOrder = {
  direction?: 'ASC' | 'DESC';
  field: 'AMOUNT' | 'POSITION';
  token?: string | null;
};

export type AccountVariables = {
  address: string;
  chainId?: number | null;
  asOf?: BlockRef | null;
};

export type AccountData = {
  account: {
    id: string;
    address: string;
    roles: readonly ('BENEFICIARY' | 'BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'OWNER' | 'STAKER' | 'USER' | 'VOTER')[];
    contributionCount: number;
    acceptedCount: number;
    rewardTotals: {
      accrued: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
      reversed: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
      claimed: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
      claimable: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
    };
  } | null;
};

export const Account: TypedDocument<AccountData, AccountVariables> = {
  text: `query Account(\$address: Address!, \$chainId: Int, \$asOf: BlockRef) {
  account(address: \$address, chainId: \$chainId, asOf: \$asOf) {
    id
    address
    roles
    contributionCount
    acceptedCount
    rewardTotals {
      accrued {
        ...Amount
      }
      reversed {
        ...Amount
      }
      claimed {
        ...Amount
      }
      claimable {
        ...Amount
      }
    }
  }
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}`,
};

export type ContributionsVariables = {
  first?: number | null;
  after?: string | null;
  where?: ContributionFilter | null;
  orderBy?: ContributionOrder | null;
  asOf?: BlockRef | null;
};

export type ContributionsData = {
  contributions: {
    nodes: readonly ({
      id: string;
      contentHash: string;
      status: 'ACCEPTED' | 'PENDING' | 'REJECTED' | 'SLASHED' | 'UNKNOWN';
      score: number | null;
      stage: 'NEVER_INFLUENTIAL' | 'NOT_IN_A_VERSION' | 'NOT_TRAINED_ON' | 'PAID' | 'REJECTED' | 'UNDECIDED' | 'UNREWARDED' | 'UNSCORED';
      influenceCount: number;
      contributor: {
        address: string;
      };
      datanet: {
        id: string;
        name: string | null;
      } | null;
      earned: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
    })[];
    pageInfo: {
      endCursor: string | null;
      hasNextPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const Contributions: TypedDocument<ContributionsData, ContributionsVariables> = {
  text: `query Contributions(\$first: Int, \$after: Cursor, \$where: ContributionFilter, \$orderBy: ContributionOrder, \$asOf: BlockRef) {
  contributions(
    first: \$first
    after: \$after
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    nodes {
      id
      contentHash
      status
      score
      stage
      influenceCount
      contributor {
        address
      }
      datanet {
        id
        name
      }
      earned {
        ...Amount
      }
    }
    pageInfo {
      endCursor
      hasNextPage
      changeCursor
    }
  }
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}`,
};

export type ExplainRewardVariables = {
  id: string;
};

export type ExplainRewardData = {
  explainReward: {
    summary: string;
    expected: string | null;
    difference: string | null;
    steps: readonly ({
      kind: 'ACCRUED' | 'ATTRIBUTED' | 'CLAIMED' | 'FEE_PAID' | 'FEE_SPLIT' | 'POOL_FUNDED' | 'REVERSED' | 'ROUNDED' | 'UNKNOWN' | 'WEIGHTED';
      text: string;
      formula: string | null;
      amount: {
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      } | null;
      evidence: readonly ({
        eventId: string;
        transactionHash: string;
        logIndex: number;
      })[];
    })[];
  } | null;
};

export const ExplainReward: TypedDocument<ExplainRewardData, ExplainRewardVariables> = {
  text: `query ExplainReward(\$id: ID!) {
  explainReward(id: \$id) {
    summary
    expected
    difference
    steps {
      kind
      text
      formula
      amount {
        amount
        token {
          id
          symbol
          decimals
        }
      }
      evidence {
        eventId
        transactionHash
        logIndex
      }
    }
  }
}`,
};

export type IndexStatusVariables = {
};

export type IndexStatusData = {
  indexStatus: {
    synced: boolean;
    version: string;
    changeCursor: string;
    chains: readonly ({
      chainId: number;
      name: string;
      progress: number;
      error: string | null;
      head: {
        number: number;
        hash: string;
      } | null;
      indexed: {
        number: number;
        hash: string;
      } | null;
      finalized: {
        number: number;
        hash: string;
      } | null;
    })[];
  };
};

export const IndexStatus: TypedDocument<IndexStatusData, IndexStatusVariables> = {
  text: `query IndexStatus {
  indexStatus {
    synced
    version
    changeCursor
    chains {
      chainId
      name
      progress
      error
      head {
        number
        hash
      }
      indexed {
        number
        hash
      }
      finalized {
        number
        hash
      }
    }
  }
}`,
};

export type RewardChangesVariables = {
  after?: string | null;
  where?: RewardFilter | null;
  finality?: 'FINALIZED' | 'PENDING' | 'SAFE';
};

export type RewardChangesData = {
  rewards: {
    cursor: string;
    op: 'APPLY' | 'PROGRESS' | 'RETRACT';
    id: string | null;
    at: {
      eventId: string;
      block: {
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
    reward: {
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      beneficiary: {
        address: string;
      };
      amount: {
        amount: string;
        token: {
          id: string;
        };
      };
    } | null;
  };
};

export const RewardChanges: TypedDocument<RewardChangesData, RewardChangesVariables> = {
  text: `subscription RewardChanges(\$after: ChangeCursor, \$where: RewardFilter, \$finality: Finality! = PENDING) {
  rewards(after: \$after, where: \$where, finality: \$finality) {
    cursor
    op
    id
    at {
      eventId
      block {
        number
        hash
        finality
      }
    }
    reward {
      role
      beneficiary {
        address
      }
      amount {
        amount
        token {
          id
        }
      }
    }
  }
}`,
};

export type RewardsVariables = {
  first?: number | null;
  after?: string | null;
  where?: RewardFilter | null;
  orderBy?: RewardOrder | null;
  asOf?: BlockRef | null;
};

export type RewardsData = {
  rewards: {
    nodes: readonly ({
      id: string;
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      beneficiary: {
        address: string;
      };
      amount: {
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      };
      backing: readonly ({
        source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN';
        amount: string;
      })[];
      contribution: {
        id: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      inference: {
        id: string;
        model: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      accruedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        block: {
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      endCursor: string | null;
      hasNextPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const Rewards: TypedDocument<RewardsData, RewardsVariables> = {
  text: `query Rewards(\$first: Int, \$after: Cursor, \$where: RewardFilter, \$orderBy: RewardOrder, \$asOf: BlockRef) {
  rewards(
    first: \$first
    after: \$after
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    nodes {
      id
      role
      beneficiary {
        address
      }
      amount {
        ...Amount
      }
      backing {
        source
        amount
      }
      contribution {
        id
        datanet {
          id
          name
        }
      }
      inference {
        id
        model {
          id
          name
        }
      }
      accruedAt {
        transactionHash
        logIndex
        timestamp
        block {
          number
          hash
          finality
        }
      }
    }
    pageInfo {
      endCursor
      hasNextPage
      changeCursor
    }
  }
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}`,
};

export type SearchVariables = {
  text: string;
  first?: number;
};

export type SearchData = {
  search: readonly ({
    __typename: 'Account';
    id: string;
  } | {
    __typename: 'Adapter';
    id: string;
  } | {
    __typename: 'Block';
    chainId: number;
    number: number;
    hash: string;
  } | {
    __typename: 'Contribution';
    id: string;
  } | {
    __typename: 'Datanet';
    id: string;
    name: string | null;
  } | {
    __typename: 'Inference';
    id: string;
  } | {
    __typename: 'Model';
    id: string;
    name: string | null;
  } | {
    __typename: 'Pool';
    id: string;
  } | {
    __typename: 'Reward';
    id: string;
  })[] | null;
};

export const Search: TypedDocument<SearchData, SearchVariables> = {
  text: `query Search(\$text: String!, \$first: Int! = 10) {
  search(text: \$text, first: \$first) {
    __typename
    ... on Node {
      id
    }
    ... on Datanet {
      name
    }
    ... on Model {
      name
    }
    ... on Block {
      chainId
      number
      hash
    }
  }
}`,
};

