// Made from explorer/documents/*.graphql and schema/schema.graphql by `node dist/start/makeClient.js`.

import type { TypedDocument } from '../client/query';

export type AccountFilter = {
  chainId?: ChainFilter | null;
  role?: 'BENEFICIARY' | 'BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'OWNER' | 'STAKER' | 'USER' | 'VOTER' | null;
};

export type AccountOrder = {
  direction?: 'ASC' | 'DESC';
  field: 'CONTRIBUTIONS' | 'FEES_PAID' | 'FIRST_SEEN' | 'INFERENCES' | 'REWARDS';
  token?: string | null;
};

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

export type DatanetFilter = {
  chainId?: ChainFilter | null;
  createdAt?: DateTimeFilter | null;
  dataType?: 'AUDIO' | 'IMAGE' | 'OTHER' | 'TEXT' | 'UNKNOWN' | 'VIDEO' | null;
  name?: NameFilter | null;
  owner?: AddressFilter | null;
  status?: 'ACTIVE' | 'CLOSED' | 'PAUSED' | 'UNKNOWN' | null;
};

export type DatanetOrder = {
  direction?: 'ASC' | 'DESC';
  field: 'ACCEPTANCE_RATE' | 'CONTRIBUTIONS' | 'CREATED' | 'EARNED' | 'INFERENCES';
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

export type InferenceFilter = {
  attributed?: boolean | null;
  block?: IntFilter | null;
  chainId?: ChainFilter | null;
  model?: IDFilter | null;
  settledAt?: DateTimeFilter | null;
  user?: AddressFilter | null;
};

export type InferenceOrder = {
  direction?: 'ASC' | 'DESC';
  field: 'FEE' | 'SETTLED';
  token?: string | null;
};

export type IntFilter = {
  eq?: number | null;
  gt?: number | null;
  gte?: number | null;
  in?: readonly (number)[] | null;
  lt?: number | null;
  lte?: number | null;
};

export type ModelFilter = {
  builder?: AddressFilter | null;
  chainId?: ChainFilter | null;
  datanet?: IDFilter | null;
  name?: NameFilter | null;
  parent?: IDFilter | null;
};

export type ModelOrder = {
  direction?: 'ASC' | 'DESC';
  field: 'CREATED' | 'FEES' | 'INFERENCES' | 'USERS';
  token?: string | null;
};

export type NameFilter = {
  contains?: string | null;
  eq?: string | null;
  in?: readonly (string)[] | null;
  startsWith?: string | null;
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

export type AccountPageVariables = {
  address: string;
  chainId?: number | null;
  asOf?: BlockRef | null;
  to?: string | null;
};

export type AccountPageData = {
  account: {
    id: string;
    address: string;
    roles: readonly ('BENEFICIARY' | 'BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'OWNER' | 'STAKER' | 'USER' | 'VOTER')[];
    contributionCount: number;
    acceptedCount: number;
    modelCount: number;
    inferenceCount: number;
    feesPaid: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    rewardTotals: {
      accrued: readonly ({
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
      claimed: readonly ({
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
    };
    firstSeen: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    lastSeen: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    creditsPurchased: string;
    creditsConsumed: string;
    reputation: {
      nodes: readonly ({
        chainId: number;
        datanetId: string;
        score: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
        updatedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    bonds: readonly ({
      chainId: number;
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      balance: string;
      slashed: string;
    })[];
    contributions: {
      nodes: readonly ({
        id: string;
        contributionId: string;
        contentHash: string;
        sizeBytes: string | null;
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
        submittedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    models: {
      nodes: readonly ({
        id: string;
        modelId: string;
        name: string | null;
        builder: {
          address: string;
        };
        inferenceCount: number;
        userCount: number;
        attributionCoverage: number | null;
        averageRating: number | null;
        fees: readonly ({
          amount: string;
          token: {
            id: string;
            symbol: string | null;
            decimals: number | null;
          };
        })[];
        createdAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    inferences: {
      nodes: readonly ({
        id: string;
        inferenceId: string;
        modelId: string;
        model: {
          id: string;
          name: string | null;
        } | null;
        user: {
          address: string;
        };
        tokensIn: string;
        tokensOut: string;
        fee: {
          amount: string;
          token: {
            id: string;
            symbol: string | null;
            decimals: number | null;
          };
        };
        attribution: {
          method: 'INFLUENCE_FUNCTION' | 'RAG_CITATION' | 'SUFFIX_MATCH' | 'UNKNOWN';
          leafCount: string;
          complete: boolean;
        } | null;
        settledAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    rewards: {
      totalCount: number;
      nodes: readonly ({
        id: string;
        role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
        epoch: string;
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
          contributionId: string;
          datanet: {
            id: string;
            name: string | null;
          } | null;
        } | null;
        inference: {
          id: string;
          inferenceId: string;
          model: {
            id: string;
            name: string | null;
          } | null;
        } | null;
        accruedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    claims: {
      totalCount: number;
      nodes: readonly ({
        id: string;
        to: {
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
        claimedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
  } | null;
  rewardHistory: {
    points: readonly ({
      start: string;
      source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN' | null;
      accrued: string;
      reversed: string;
      rewardCount: number;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
  } | null;
};

export const AccountPage: TypedDocument<AccountPageData, AccountPageVariables> = {
  text: `query AccountPage(\$address: Address!, \$chainId: Int, \$asOf: BlockRef, \$to: DateTime) {
  account(address: \$address, chainId: \$chainId, asOf: \$asOf) {
    ...AccountRow
    creditsPurchased
    creditsConsumed
    rewardTotals {
      accrued {
        ...Amount
      }
      claimed {
        ...Amount
      }
      reversed {
        ...Amount
      }
      claimable {
        ...Amount
      }
    }
    reputation(first: 20) {
      nodes {
        chainId
        datanetId
        score
        datanet {
          id
          name
        }
        updatedAt {
          ...At
        }
      }
    }
    bonds {
      chainId
      role
      balance
      slashed
    }
    contributions(first: 10) {
      nodes {
        ...ContributionRow
      }
    }
    models(first: 10) {
      nodes {
        ...ModelRow
      }
    }
    inferences(first: 10) {
      nodes {
        ...InferenceRow
      }
    }
    rewards(first: 10) {
      totalCount
      nodes {
        ...RewardRow
      }
    }
    claims(first: 10) {
      totalCount
      nodes {
        id
        to {
          address
        }
        amount {
          ...Amount
        }
        claimedAt {
          ...At
        }
      }
    }
  }
  rewardHistory(
    scope: {account: \$address, chainId: \$chainId}
    bucket: DAY
    by: SOURCE
    to: \$to
  ) {
    points {
      ...HistoryPoint
    }
  }
}

fragment AccountRow on Account {
  id
  address
  roles
  contributionCount
  acceptedCount
  modelCount
  inferenceCount
  feesPaid {
    ...Amount
  }
  rewardTotals {
    accrued {
      ...Amount
    }
    claimable {
      ...Amount
    }
  }
  firstSeen {
    ...At
  }
  lastSeen {
    ...At
  }
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}

fragment ContributionRow on Contribution {
  id
  contributionId
  contentHash
  sizeBytes
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
  submittedAt {
    ...At
  }
}

fragment ModelRow on Model {
  id
  modelId
  name
  builder {
    address
  }
  inferenceCount
  userCount
  attributionCoverage
  averageRating
  fees {
    ...Amount
  }
  createdAt {
    ...At
  }
}

fragment InferenceRow on Inference {
  id
  inferenceId
  modelId
  model {
    id
    name
  }
  user {
    address
  }
  tokensIn
  tokensOut
  fee {
    ...Amount
  }
  attribution {
    method
    leafCount
    complete
  }
  settledAt {
    ...At
  }
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
  }
}

fragment HistoryPoint on RewardPoint {
  start
  source
  accrued
  reversed
  rewardCount
  token {
    id
    symbol
    decimals
  }
}`,
};

export type AccountListVariables = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  where?: AccountFilter | null;
  orderBy?: AccountOrder | null;
  asOf?: BlockRef | null;
};

export type AccountListData = {
  accounts: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      address: string;
      roles: readonly ('BENEFICIARY' | 'BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'OWNER' | 'STAKER' | 'USER' | 'VOTER')[];
      contributionCount: number;
      acceptedCount: number;
      modelCount: number;
      inferenceCount: number;
      feesPaid: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
      rewardTotals: {
        accrued: readonly ({
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
      firstSeen: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
      lastSeen: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const AccountList: TypedDocument<AccountListData, AccountListVariables> = {
  text: `query AccountList(\$first: Int, \$after: Cursor, \$last: Int, \$before: Cursor, \$where: AccountFilter, \$orderBy: AccountOrder, \$asOf: BlockRef) {
  accounts(
    first: \$first
    after: \$after
    last: \$last
    before: \$before
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    totalCount
    nodes {
      ...AccountRow
    }
    pageInfo {
      ...Page
    }
  }
}

fragment AccountRow on Account {
  id
  address
  roles
  contributionCount
  acceptedCount
  modelCount
  inferenceCount
  feesPaid {
    ...Amount
  }
  rewardTotals {
    accrued {
      ...Amount
    }
    claimable {
      ...Amount
    }
  }
  firstSeen {
    ...At
  }
  lastSeen {
    ...At
  }
}

fragment Page on PageInfo {
  startCursor
  endCursor
  hasNextPage
  hasPreviousPage
  changeCursor
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type AdapterPageVariables = {
  id: string;
  asOf?: BlockRef | null;
};

export type AdapterPageData = {
  adapter: {
    id: string;
    chainId: number;
    adapterId: string;
    baseVersion: string;
    adapterHash: string;
    inferenceCount: number;
    builder: {
      address: string;
    };
    model: {
      id: string;
      name: string | null;
    } | null;
    trainingRun: {
      runId: string;
      inputs: readonly ({
        weight: number;
        datanetVersion: string;
        datanetId: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      })[];
    } | null;
    createdAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
  } | null;
};

export const AdapterPage: TypedDocument<AdapterPageData, AdapterPageVariables> = {
  text: `query AdapterPage(\$id: ID!, \$asOf: BlockRef) {
  adapter(id: \$id, asOf: \$asOf) {
    id
    chainId
    adapterId
    baseVersion
    adapterHash
    inferenceCount
    builder {
      address
    }
    model {
      id
      name
    }
    trainingRun {
      runId
      inputs {
        weight
        datanetVersion
        datanetId
        datanet {
          id
          name
        }
      }
    }
    createdAt {
      ...At
    }
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type ContributionPageVariables = {
  id: string;
  asOf?: BlockRef | null;
};

export type ContributionPageData = {
  contribution: {
    id: string;
    contributionId: string;
    contentHash: string;
    sizeBytes: string | null;
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
    submittedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    chainId: number;
    datanetId: string;
    licenseId: string | null;
    uri: string | null;
    bond: string;
    decisionReason: number | null;
    datanetVersion: string | null;
    finalizedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
    inVersionAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
    trainedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
    firstInfluenceAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
    firstRewardAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
    scores: {
      nodes: readonly ({
        round: string;
        score: number;
        curator: {
          address: string;
        };
        at: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    disputes: {
      nodes: readonly ({
        id: string;
        disputeId: string;
        resolved: boolean;
        upheld: boolean | null;
        slashed: string | null;
        bond: string;
        challenger: {
          address: string;
        };
        openedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    links: {
      nodes: readonly ({
        otherId: string;
        relation: 'DERIVED' | 'DUPLICATE' | 'SUPERSEDES' | 'UNKNOWN';
        other: {
          id: string;
        } | null;
        at: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    influences: {
      totalCount: number;
      nodes: readonly ({
        id: string;
        weight: number;
        weightPpm: string;
        inference: {
          id: string;
          inferenceId: string;
          fee: {
            amount: string;
            token: {
              id: string;
              symbol: string | null;
              decimals: number | null;
            };
          };
          model: {
            id: string;
            name: string | null;
          } | null;
        } | null;
        at: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
  } | null;
  rewards: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      epoch: string;
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
        contributionId: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      inference: {
        id: string;
        inferenceId: string;
        model: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      accruedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
  } | null;
};

export const ContributionPage: TypedDocument<ContributionPageData, ContributionPageVariables> = {
  text: `query ContributionPage(\$id: ID!, \$asOf: BlockRef) {
  contribution(id: \$id, asOf: \$asOf) {
    ...ContributionRow
    chainId
    datanetId
    licenseId
    uri
    bond
    decisionReason
    datanetVersion
    finalizedAt {
      ...At
    }
    inVersionAt {
      ...At
    }
    trainedAt {
      ...At
    }
    firstInfluenceAt {
      ...At
    }
    firstRewardAt {
      ...At
    }
    scores(first: 20) {
      nodes {
        round
        score
        curator {
          address
        }
        at {
          ...At
        }
      }
    }
    disputes(first: 10) {
      nodes {
        id
        disputeId
        resolved
        upheld
        slashed
        bond
        challenger {
          address
        }
        openedAt {
          ...At
        }
      }
    }
    links(first: 20) {
      nodes {
        otherId
        relation
        other {
          id
        }
        at {
          ...At
        }
      }
    }
    influences(first: 10, orderBy: {field: WEIGHT}) {
      totalCount
      nodes {
        id
        weight
        weightPpm
        inference {
          id
          inferenceId
          fee {
            ...Amount
          }
          model {
            id
            name
          }
        }
        at {
          ...At
        }
      }
    }
  }
  rewards(first: 10, where: {contribution: {eq: \$id}}, asOf: \$asOf) {
    totalCount
    nodes {
      ...RewardRow
    }
  }
}

fragment ContributionRow on Contribution {
  id
  contributionId
  contentHash
  sizeBytes
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
  submittedAt {
    ...At
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
  }
}`,
};

export type ContributionListVariables = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  where?: ContributionFilter | null;
  orderBy?: ContributionOrder | null;
  asOf?: BlockRef | null;
};

export type ContributionListData = {
  contributions: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      contributionId: string;
      contentHash: string;
      sizeBytes: string | null;
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
      submittedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const ContributionList: TypedDocument<ContributionListData, ContributionListVariables> = {
  text: `query ContributionList(\$first: Int, \$after: Cursor, \$last: Int, \$before: Cursor, \$where: ContributionFilter, \$orderBy: ContributionOrder, \$asOf: BlockRef) {
  contributions(
    first: \$first
    after: \$after
    last: \$last
    before: \$before
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    totalCount
    nodes {
      ...ContributionRow
    }
    pageInfo {
      ...Page
    }
  }
}

fragment ContributionRow on Contribution {
  id
  contributionId
  contentHash
  sizeBytes
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
  submittedAt {
    ...At
  }
}

fragment Page on PageInfo {
  startCursor
  endCursor
  hasNextPage
  hasPreviousPage
  changeCursor
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type DatanetPageVariables = {
  id: string;
  asOf?: BlockRef | null;
  to?: string | null;
};

export type DatanetPageData = {
  datanet: {
    id: string;
    datanetId: string;
    name: string | null;
    dataType: 'AUDIO' | 'IMAGE' | 'OTHER' | 'TEXT' | 'UNKNOWN' | 'VIDEO';
    status: 'ACTIVE' | 'CLOSED' | 'PAUSED' | 'UNKNOWN';
    owner: {
      address: string;
    };
    contributionCount: number;
    acceptedCount: number;
    contributorCount: number;
    acceptanceRate: number | null;
    modelCount: number;
    inferenceCount: number;
    earned: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    backing: readonly ({
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
      accrued: string;
      feeShare: number;
      leakShare: number;
      bySource: readonly ({
        source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN';
        amount: string;
      })[];
    })[];
    createdAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    chainId: number;
    description: string | null;
    metadataURI: string;
    metadataHash: string;
    latestVersion: string | null;
    pendingCount: number;
    rejectedCount: number;
    slashedCount: number;
    curators: {
      totalCount: number;
      nodes: readonly ({
        active: boolean;
        weight: string;
        account: {
          address: string;
        };
        since: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    versions: {
      totalCount: number;
      nodes: readonly ({
        version: string;
        contentRoot: string;
        itemCount: string;
        publishedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    contributions: {
      nodes: readonly ({
        id: string;
        contributionId: string;
        contentHash: string;
        sizeBytes: string | null;
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
        submittedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    models: {
      totalCount: number;
      nodes: readonly ({
        id: string;
        modelId: string;
        name: string | null;
        builder: {
          address: string;
        };
        inferenceCount: number;
        userCount: number;
        attributionCoverage: number | null;
        averageRating: number | null;
        fees: readonly ({
          amount: string;
          token: {
            id: string;
            symbol: string | null;
            decimals: number | null;
          };
        })[];
        createdAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
  } | null;
  rewardHistory: {
    points: readonly ({
      start: string;
      source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN' | null;
      accrued: string;
      reversed: string;
      rewardCount: number;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
  } | null;
};

export const DatanetPage: TypedDocument<DatanetPageData, DatanetPageVariables> = {
  text: `query DatanetPage(\$id: ID!, \$asOf: BlockRef, \$to: DateTime) {
  datanet(id: \$id, asOf: \$asOf) {
    ...DatanetRow
    chainId
    description
    metadataURI
    metadataHash
    latestVersion
    pendingCount
    rejectedCount
    slashedCount
    curators(first: 20) {
      totalCount
      nodes {
        active
        weight
        account {
          address
        }
        since {
          ...At
        }
      }
    }
    versions(first: 10) {
      totalCount
      nodes {
        version
        contentRoot
        itemCount
        publishedAt {
          ...At
        }
      }
    }
    contributions(first: 10) {
      nodes {
        ...ContributionRow
      }
    }
    models(first: 20) {
      totalCount
      nodes {
        ...ModelRow
      }
    }
  }
  rewardHistory(scope: {datanet: \$id}, bucket: DAY, by: SOURCE, to: \$to) {
    points {
      ...HistoryPoint
    }
  }
}

fragment DatanetRow on Datanet {
  id
  datanetId
  name
  dataType
  status
  owner {
    address
  }
  contributionCount
  acceptedCount
  contributorCount
  acceptanceRate
  modelCount
  inferenceCount
  earned {
    ...Amount
  }
  backing {
    ...Share
  }
  createdAt {
    ...At
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}

fragment ContributionRow on Contribution {
  id
  contributionId
  contentHash
  sizeBytes
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
  submittedAt {
    ...At
  }
}

fragment ModelRow on Model {
  id
  modelId
  name
  builder {
    address
  }
  inferenceCount
  userCount
  attributionCoverage
  averageRating
  fees {
    ...Amount
  }
  createdAt {
    ...At
  }
}

fragment HistoryPoint on RewardPoint {
  start
  source
  accrued
  reversed
  rewardCount
  token {
    id
    symbol
    decimals
  }
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment Share on Backing {
  token {
    id
    symbol
    decimals
  }
  accrued
  feeShare
  leakShare
  bySource {
    source
    amount
  }
}`,
};

export type DatanetListVariables = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  where?: DatanetFilter | null;
  orderBy?: DatanetOrder | null;
  asOf?: BlockRef | null;
};

export type DatanetListData = {
  datanets: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      datanetId: string;
      name: string | null;
      dataType: 'AUDIO' | 'IMAGE' | 'OTHER' | 'TEXT' | 'UNKNOWN' | 'VIDEO';
      status: 'ACTIVE' | 'CLOSED' | 'PAUSED' | 'UNKNOWN';
      owner: {
        address: string;
      };
      contributionCount: number;
      acceptedCount: number;
      contributorCount: number;
      acceptanceRate: number | null;
      modelCount: number;
      inferenceCount: number;
      earned: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
      backing: readonly ({
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
        accrued: string;
        feeShare: number;
        leakShare: number;
        bySource: readonly ({
          source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN';
          amount: string;
        })[];
      })[];
      createdAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const DatanetList: TypedDocument<DatanetListData, DatanetListVariables> = {
  text: `query DatanetList(\$first: Int, \$after: Cursor, \$last: Int, \$before: Cursor, \$where: DatanetFilter, \$orderBy: DatanetOrder, \$asOf: BlockRef) {
  datanets(
    first: \$first
    after: \$after
    last: \$last
    before: \$before
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    totalCount
    nodes {
      ...DatanetRow
    }
    pageInfo {
      ...Page
    }
  }
}

fragment DatanetRow on Datanet {
  id
  datanetId
  name
  dataType
  status
  owner {
    address
  }
  contributionCount
  acceptedCount
  contributorCount
  acceptanceRate
  modelCount
  inferenceCount
  earned {
    ...Amount
  }
  backing {
    ...Share
  }
  createdAt {
    ...At
  }
}

fragment Page on PageInfo {
  startCursor
  endCursor
  hasNextPage
  hasPreviousPage
  changeCursor
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment Share on Backing {
  token {
    id
    symbol
    decimals
  }
  accrued
  feeShare
  leakShare
  bySource {
    source
    amount
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type FlowVariables = {
  root: string;
  depth?: number;
  minWeightPpm?: number;
  limit?: number;
  asOf?: BlockRef | null;
};

export type FlowData = {
  up: {
    omittedEdges: number;
    omittedWeightPpm: string;
    asOf: {
      number: number;
      hash: string;
    };
    root: {
      id: string;
      kind: 'ACCOUNT' | 'ADAPTER' | 'CONTRIBUTION' | 'DATANET' | 'INFERENCE' | 'MODEL' | 'REWARD';
      label: string;
      depth: number;
    };
    nodes: readonly ({
      id: string;
      kind: 'ACCOUNT' | 'ADAPTER' | 'CONTRIBUTION' | 'DATANET' | 'INFERENCE' | 'MODEL' | 'REWARD';
      label: string;
      depth: number;
    })[];
    edges: readonly ({
      id: string;
      kind: 'ADAPTS' | 'CONTRIBUTED' | 'DERIVED_FROM' | 'INFLUENCED' | 'IN_DATANET' | 'PAID_FOR' | 'RECEIVED' | 'REWARDED' | 'SERVED' | 'TRAINED_ON';
      from: string;
      to: string;
      weightPpm: string | null;
      amount: {
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      } | null;
    })[];
  } | null;
  down: {
    omittedEdges: number;
    omittedWeightPpm: string;
    asOf: {
      number: number;
      hash: string;
    };
    root: {
      id: string;
      kind: 'ACCOUNT' | 'ADAPTER' | 'CONTRIBUTION' | 'DATANET' | 'INFERENCE' | 'MODEL' | 'REWARD';
      label: string;
      depth: number;
    };
    nodes: readonly ({
      id: string;
      kind: 'ACCOUNT' | 'ADAPTER' | 'CONTRIBUTION' | 'DATANET' | 'INFERENCE' | 'MODEL' | 'REWARD';
      label: string;
      depth: number;
    })[];
    edges: readonly ({
      id: string;
      kind: 'ADAPTS' | 'CONTRIBUTED' | 'DERIVED_FROM' | 'INFLUENCED' | 'IN_DATANET' | 'PAID_FOR' | 'RECEIVED' | 'REWARDED' | 'SERVED' | 'TRAINED_ON';
      from: string;
      to: string;
      weightPpm: string | null;
      amount: {
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      } | null;
    })[];
  } | null;
};

export const Flow: TypedDocument<FlowData, FlowVariables> = {
  text: `query Flow(\$root: ID!, \$depth: Int! = 2, \$minWeightPpm: Int! = 0, \$limit: Int! = 40, \$asOf: BlockRef) {
  up: attributionGraph(
    root: \$root
    direction: UPSTREAM
    depth: \$depth
    minWeightPpm: \$minWeightPpm
    limit: \$limit
    asOf: \$asOf
  ) {
    ...Walk
  }
  down: attributionGraph(
    root: \$root
    direction: DOWNSTREAM
    depth: \$depth
    minWeightPpm: \$minWeightPpm
    limit: \$limit
    asOf: \$asOf
  ) {
    ...Walk
  }
}

fragment Walk on AttributionGraph {
  omittedEdges
  omittedWeightPpm
  asOf {
    number
    hash
  }
  root {
    id
    kind
    label
    depth
  }
  nodes {
    id
    kind
    label
    depth
  }
  edges {
    id
    kind
    from
    to
    weightPpm
    amount {
      ...Amount
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

export type FlywheelPageVariables = {
  bucket?: 'DAY' | 'HOUR' | 'MONTH' | 'WEEK';
  to?: string | null;
};

export type FlywheelPageData = {
  flywheel: {
    from: string;
    to: string;
    contributions: number;
    accepted: number;
    contributors: number;
    newContributors: number;
    models: number;
    inferences: number;
    payingUsers: number;
    newPayingUsers: number;
    fees: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    backing: readonly ({
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
      accrued: string;
      feeShare: number;
      leakShare: number;
      bySource: readonly ({
        source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN';
        amount: string;
      })[];
    })[];
    externalDemand: readonly ({
      share: number;
      token: {
        id: string;
        symbol: string | null;
      };
    })[];
    attributionCoverage: number | null;
    dataUtilisation: number | null;
    timeToFirstPayout: {
      median: number | null;
      p90: number | null;
      paid: number;
      waiting: number;
      curve: readonly ({
        seconds: number;
        unpaid: number;
      })[];
    } | null;
    concentration: {
      hhi: number;
      effectiveContributors: number;
      topPercentShare: number;
    } | null;
    stages: readonly ({
      stage: 'BUILD' | 'CONTRIBUTE' | 'ORGANIZE' | 'REPEAT' | 'REWARD' | 'USE';
      value: number;
      previous: number;
      gain: number | null;
    })[];
    weakestStage: 'BUILD' | 'CONTRIBUTE' | 'ORGANIZE' | 'REPEAT' | 'REWARD' | 'USE' | null;
  } | null;
  flywheelHistory: readonly ({
    from: string;
    to: string;
    contributions: number;
    contributors: number;
    models: number;
    inferences: number;
    payingUsers: number;
    fees: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    externalDemand: readonly ({
      share: number;
      token: {
        id: string;
        symbol: string | null;
      };
    })[];
    stages: readonly ({
      stage: 'BUILD' | 'CONTRIBUTE' | 'ORGANIZE' | 'REPEAT' | 'REWARD' | 'USE';
      value: number;
      previous: number;
      gain: number | null;
    })[];
  })[] | null;
  rewardHistory: {
    points: readonly ({
      start: string;
      source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN' | null;
      accrued: string;
      reversed: string;
      rewardCount: number;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
  } | null;
};

export const FlywheelPage: TypedDocument<FlywheelPageData, FlywheelPageVariables> = {
  text: `query FlywheelPage(\$bucket: Bucket! = WEEK, \$to: DateTime) {
  flywheel(to: \$to) {
    from
    to
    contributions
    accepted
    contributors
    newContributors
    models
    inferences
    payingUsers
    newPayingUsers
    fees {
      ...Amount
    }
    backing {
      ...Share
    }
    externalDemand {
      share
      token {
        id
        symbol
      }
    }
    attributionCoverage
    dataUtilisation
    timeToFirstPayout {
      median
      p90
      paid
      waiting
      curve {
        seconds
        unpaid
      }
    }
    concentration {
      hhi
      effectiveContributors
      topPercentShare
    }
    stages {
      ...Stage
    }
    weakestStage
  }
  flywheelHistory(bucket: \$bucket, to: \$to) {
    from
    to
    contributions
    contributors
    models
    inferences
    payingUsers
    fees {
      ...Amount
    }
    externalDemand {
      share
      token {
        id
        symbol
      }
    }
    stages {
      ...Stage
    }
  }
  rewardHistory(bucket: \$bucket, by: SOURCE, to: \$to) {
    points {
      ...HistoryPoint
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
}

fragment Share on Backing {
  token {
    id
    symbol
    decimals
  }
  accrued
  feeShare
  leakShare
  bySource {
    source
    amount
  }
}

fragment Stage on FlywheelStage {
  stage
  value
  previous
  gain
}

fragment HistoryPoint on RewardPoint {
  start
  source
  accrued
  reversed
  rewardCount
  token {
    id
    symbol
    decimals
  }
}`,
};

export type GraphVariables = {
  root: string;
  direction?: 'BOTH' | 'DOWNSTREAM' | 'UPSTREAM';
  depth?: number;
  minWeightPpm?: number;
  limit?: number;
  asOf?: BlockRef | null;
};

export type GraphData = {
  attributionGraph: {
    omittedEdges: number;
    omittedWeightPpm: string;
    asOf: {
      number: number;
      hash: string;
    };
    root: {
      id: string;
      kind: 'ACCOUNT' | 'ADAPTER' | 'CONTRIBUTION' | 'DATANET' | 'INFERENCE' | 'MODEL' | 'REWARD';
      label: string;
      depth: number;
    };
    nodes: readonly ({
      id: string;
      kind: 'ACCOUNT' | 'ADAPTER' | 'CONTRIBUTION' | 'DATANET' | 'INFERENCE' | 'MODEL' | 'REWARD';
      label: string;
      depth: number;
    })[];
    edges: readonly ({
      id: string;
      kind: 'ADAPTS' | 'CONTRIBUTED' | 'DERIVED_FROM' | 'INFLUENCED' | 'IN_DATANET' | 'PAID_FOR' | 'RECEIVED' | 'REWARDED' | 'SERVED' | 'TRAINED_ON';
      from: string;
      to: string;
      weightPpm: string | null;
      amount: {
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      } | null;
    })[];
  } | null;
};

export const Graph: TypedDocument<GraphData, GraphVariables> = {
  text: `query Graph(\$root: ID!, \$direction: GraphDirection! = BOTH, \$depth: Int! = 3, \$minWeightPpm: Int! = 0, \$limit: Int! = 200, \$asOf: BlockRef) {
  attributionGraph(
    root: \$root
    direction: \$direction
    depth: \$depth
    minWeightPpm: \$minWeightPpm
    limit: \$limit
    asOf: \$asOf
  ) {
    ...Walk
  }
}

fragment Walk on AttributionGraph {
  omittedEdges
  omittedWeightPpm
  asOf {
    number
    hash
  }
  root {
    id
    kind
    label
    depth
  }
  nodes {
    id
    kind
    label
    depth
  }
  edges {
    id
    kind
    from
    to
    weightPpm
    amount {
      ...Amount
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

export type HomeVariables = {
  asOf?: BlockRef | null;
  to?: string | null;
};

export type HomeData = {
  flywheel: {
    from: string;
    to: string;
    contributions: number;
    contributors: number;
    models: number;
    inferences: number;
    payingUsers: number;
    fees: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    backing: readonly ({
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
      accrued: string;
      feeShare: number;
      leakShare: number;
      bySource: readonly ({
        source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN';
        amount: string;
      })[];
    })[];
    attributionCoverage: number | null;
    stages: readonly ({
      stage: 'BUILD' | 'CONTRIBUTE' | 'ORGANIZE' | 'REPEAT' | 'REWARD' | 'USE';
      value: number;
      previous: number;
      gain: number | null;
    })[];
    weakestStage: 'BUILD' | 'CONTRIBUTE' | 'ORGANIZE' | 'REPEAT' | 'REWARD' | 'USE' | null;
    timeToFirstPayout: {
      median: number | null;
      paid: number;
      waiting: number;
    } | null;
  } | null;
  rewards: {
    nodes: readonly ({
      id: string;
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      epoch: string;
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
        contributionId: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      inference: {
        id: string;
        inferenceId: string;
        model: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      accruedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      changeCursor: string;
    };
  } | null;
  datanets: {
    nodes: readonly ({
      id: string;
      name: string | null;
      dataType: 'AUDIO' | 'IMAGE' | 'OTHER' | 'TEXT' | 'UNKNOWN' | 'VIDEO';
      contributionCount: number;
      createdAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
  } | null;
  models: {
    nodes: readonly ({
      id: string;
      name: string | null;
      inferenceCount: number;
      createdAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
  } | null;
};

export const Home: TypedDocument<HomeData, HomeVariables> = {
  text: `query Home(\$asOf: BlockRef, \$to: DateTime) {
  flywheel(to: \$to) {
    from
    to
    contributions
    contributors
    models
    inferences
    payingUsers
    fees {
      ...Amount
    }
    backing {
      ...Share
    }
    attributionCoverage
    stages {
      ...Stage
    }
    weakestStage
    timeToFirstPayout {
      median
      paid
      waiting
    }
  }
  rewards(first: 12, asOf: \$asOf) {
    nodes {
      ...RewardRow
    }
    pageInfo {
      ...Page
    }
  }
  datanets(first: 4, asOf: \$asOf) {
    nodes {
      id
      name
      dataType
      contributionCount
      createdAt {
        ...At
      }
    }
  }
  models(first: 4, asOf: \$asOf) {
    nodes {
      id
      name
      inferenceCount
      createdAt {
        ...At
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
}

fragment Share on Backing {
  token {
    id
    symbol
    decimals
  }
  accrued
  feeShare
  leakShare
  bySource {
    source
    amount
  }
}

fragment Stage on FlywheelStage {
  stage
  value
  previous
  gain
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
  }
}

fragment Page on PageInfo {
  startCursor
  endCursor
  hasNextPage
  hasPreviousPage
  changeCursor
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type InferencePageVariables = {
  id: string;
  asOf?: BlockRef | null;
};

export type InferencePageData = {
  inference: {
    id: string;
    inferenceId: string;
    modelId: string;
    model: {
      id: string;
      name: string | null;
    } | null;
    user: {
      address: string;
    };
    tokensIn: string;
    tokensOut: string;
    fee: {
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    };
    attribution: {
      method: 'INFLUENCE_FUNCTION' | 'RAG_CITATION' | 'SUFFIX_MATCH' | 'UNKNOWN';
      leafCount: string;
      complete: boolean;
      epoch: string;
      revisions: number;
      committedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    } | null;
    settledAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    chainId: number;
    modelVersion: string;
    refunded: string;
    residual: string | null;
    adapters: readonly ({
      id: string;
      adapterId: string;
    })[];
    split: {
      platform: string;
      model: string;
      stakers: string;
      contributors: string;
      at: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    } | null;
    parameters: {
      platformBps: number | null;
      modelBps: number | null;
      stakersBps: number | null;
      contributorsBps: number | null;
    };
    influences: {
      totalCount: number;
      nodes: readonly ({
        id: string;
        weight: number;
        weightPpm: string;
        current: boolean;
        contributionId: string;
        contributor: {
          address: string;
        };
        contribution: {
          id: string;
          licenseId: string | null;
          contentHash: string;
        } | null;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      })[];
    };
    rewards: {
      totalCount: number;
      nodes: readonly ({
        id: string;
        role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
        epoch: string;
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
          contributionId: string;
          datanet: {
            id: string;
            name: string | null;
          } | null;
        } | null;
        inference: {
          id: string;
          inferenceId: string;
          model: {
            id: string;
            name: string | null;
          } | null;
        } | null;
        accruedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    feedback: {
      nodes: readonly ({
        rating: number;
        rater: {
          address: string;
        };
        at: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
  } | null;
};

export const InferencePage: TypedDocument<InferencePageData, InferencePageVariables> = {
  text: `query InferencePage(\$id: ID!, \$asOf: BlockRef) {
  inference(id: \$id, asOf: \$asOf) {
    ...InferenceRow
    chainId
    modelVersion
    refunded
    residual
    adapters {
      id
      adapterId
    }
    split {
      platform
      model
      stakers
      contributors
      at {
        ...At
      }
    }
    attribution {
      method
      epoch
      leafCount
      complete
      revisions
      committedAt {
        ...At
      }
    }
    parameters {
      platformBps
      modelBps
      stakersBps
      contributorsBps
    }
    influences(first: 50, orderBy: {field: WEIGHT}) {
      totalCount
      nodes {
        id
        weight
        weightPpm
        current
        contributionId
        contributor {
          address
        }
        contribution {
          id
          licenseId
          contentHash
        }
        datanet {
          id
          name
        }
      }
    }
    rewards(first: 50) {
      totalCount
      nodes {
        ...RewardRow
      }
    }
    feedback(first: 10) {
      nodes {
        rating
        rater {
          address
        }
        at {
          ...At
        }
      }
    }
  }
}

fragment InferenceRow on Inference {
  id
  inferenceId
  modelId
  model {
    id
    name
  }
  user {
    address
  }
  tokensIn
  tokensOut
  fee {
    ...Amount
  }
  attribution {
    method
    leafCount
    complete
  }
  settledAt {
    ...At
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
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

export type InferenceListVariables = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  where?: InferenceFilter | null;
  orderBy?: InferenceOrder | null;
  asOf?: BlockRef | null;
};

export type InferenceListData = {
  inferences: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      inferenceId: string;
      modelId: string;
      model: {
        id: string;
        name: string | null;
      } | null;
      user: {
        address: string;
      };
      tokensIn: string;
      tokensOut: string;
      fee: {
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      };
      attribution: {
        method: 'INFLUENCE_FUNCTION' | 'RAG_CITATION' | 'SUFFIX_MATCH' | 'UNKNOWN';
        leafCount: string;
        complete: boolean;
      } | null;
      settledAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const InferenceList: TypedDocument<InferenceListData, InferenceListVariables> = {
  text: `query InferenceList(\$first: Int, \$after: Cursor, \$last: Int, \$before: Cursor, \$where: InferenceFilter, \$orderBy: InferenceOrder, \$asOf: BlockRef) {
  inferences(
    first: \$first
    after: \$after
    last: \$last
    before: \$before
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    totalCount
    nodes {
      ...InferenceRow
    }
    pageInfo {
      ...Page
    }
  }
}

fragment InferenceRow on Inference {
  id
  inferenceId
  modelId
  model {
    id
    name
  }
  user {
    address
  }
  tokensIn
  tokensOut
  fee {
    ...Amount
  }
  attribution {
    method
    leafCount
    complete
  }
  settledAt {
    ...At
  }
}

fragment Page on PageInfo {
  startCursor
  endCursor
  hasNextPage
  hasPreviousPage
  changeCursor
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type BoardVariables = {
  metric: 'ADAPTERS_BY_INFERENCES' | 'CONTRIBUTORS_BY_ACCEPTED' | 'CONTRIBUTORS_BY_INFLUENCE' | 'CONTRIBUTORS_BY_REWARDS' | 'DATANETS_BY_INFLUENCE' | 'DATANETS_BY_REWARDS' | 'MODELS_BY_FEES' | 'MODELS_BY_USERS' | 'USERS_BY_FEES';
  token?: string | null;
  first?: number;
  to?: string | null;
};

export type BoardData = {
  leaderboard: {
    from: string;
    to: string;
    entries: readonly ({
      rank: number;
      rankChange: number | null;
      value: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      } | null;
      subject: {
        __typename: 'Account';
        id: string;
        address: string;
      } | {
        __typename: 'Adapter';
        id: string;
      } | {
        __typename: 'ChainEvent';
        id: string;
      } | {
        __typename: 'Claim';
        id: string;
      } | {
        __typename: 'Contribution';
        id: string;
      } | {
        __typename: 'Datanet';
        id: string;
        name: string | null;
      } | {
        __typename: 'Dispute';
        id: string;
      } | {
        __typename: 'Inference';
        id: string;
      } | {
        __typename: 'Influence';
        id: string;
      } | {
        __typename: 'Model';
        id: string;
        name: string | null;
      } | {
        __typename: 'Pool';
        id: string;
      } | {
        __typename: 'Reversal';
        id: string;
      } | {
        __typename: 'Reward';
        id: string;
      } | {
        __typename: 'Token';
        id: string;
      };
    })[];
  } | null;
};

export const Board: TypedDocument<BoardData, BoardVariables> = {
  text: `query Board(\$metric: LeaderboardMetric!, \$token: ID, \$first: Int! = 10, \$to: DateTime) {
  leaderboard(metric: \$metric, token: \$token, first: \$first, to: \$to) {
    from
    to
    entries {
      rank
      rankChange
      value
      token {
        id
        symbol
        decimals
      }
      subject {
        __typename
        id
        ... on Account {
          address
        }
        ... on Datanet {
          name
        }
        ... on Model {
          name
        }
      }
    }
  }
}`,
};

export type ModelPageVariables = {
  id: string;
  asOf?: BlockRef | null;
  to?: string | null;
};

export type ModelPageData = {
  model: {
    id: string;
    modelId: string;
    name: string | null;
    builder: {
      address: string;
    };
    inferenceCount: number;
    userCount: number;
    attributionCoverage: number | null;
    averageRating: number | null;
    fees: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    createdAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    chainId: number;
    description: string | null;
    metadataURI: string;
    metadataHash: string;
    latestVersion: string | null;
    parent: {
      id: string;
      name: string | null;
    } | null;
    price: {
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
      per1kIn: string;
      per1kOut: string;
      platformFee: string;
      since: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    } | null;
    prices: {
      nodes: readonly ({
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
        per1kIn: string;
        per1kOut: string;
        platformFee: string;
        since: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    children: {
      nodes: readonly ({
        id: string;
        name: string | null;
        inferenceCount: number;
      })[];
    };
    versions: {
      totalCount: number;
      nodes: readonly ({
        version: string;
        weightsHash: string;
        attributionMethod: 'INFLUENCE_FUNCTION' | 'RAG_CITATION' | 'SUFFIX_MATCH' | 'UNKNOWN';
        publishedAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
        trainingRun: {
          runId: string;
          inputs: readonly ({
            weight: number;
            datanetVersion: string;
            datanetId: string;
            datanet: {
              id: string;
              name: string | null;
            } | null;
          })[];
        } | null;
      })[];
    };
    adapters: {
      totalCount: number;
      nodes: readonly ({
        id: string;
        adapterId: string;
        baseVersion: string;
        inferenceCount: number;
        builder: {
          address: string;
        };
        createdAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
    datanets: {
      nodes: readonly ({
        id: string;
        name: string | null;
        acceptedCount: number;
      })[];
    };
    inferences: {
      nodes: readonly ({
        id: string;
        inferenceId: string;
        modelId: string;
        model: {
          id: string;
          name: string | null;
        } | null;
        user: {
          address: string;
        };
        tokensIn: string;
        tokensOut: string;
        fee: {
          amount: string;
          token: {
            id: string;
            symbol: string | null;
            decimals: number | null;
          };
        };
        attribution: {
          method: 'INFLUENCE_FUNCTION' | 'RAG_CITATION' | 'SUFFIX_MATCH' | 'UNKNOWN';
          leafCount: string;
          complete: boolean;
        } | null;
        settledAt: {
          transactionHash: string;
          logIndex: number;
          timestamp: string;
          eventId: string;
          block: {
            chainId: number;
            number: number;
            hash: string;
            finality: 'FINALIZED' | 'PENDING' | 'SAFE';
          };
        };
      })[];
    };
  } | null;
  rewardHistory: {
    points: readonly ({
      start: string;
      source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN' | null;
      accrued: string;
      reversed: string;
      rewardCount: number;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
  } | null;
};

export const ModelPage: TypedDocument<ModelPageData, ModelPageVariables> = {
  text: `query ModelPage(\$id: ID!, \$asOf: BlockRef, \$to: DateTime) {
  model(id: \$id, asOf: \$asOf) {
    ...ModelRow
    chainId
    description
    metadataURI
    metadataHash
    latestVersion
    parent {
      id
      name
    }
    price {
      ...Price
    }
    prices(first: 20) {
      nodes {
        ...Price
      }
    }
    children(first: 20) {
      nodes {
        id
        name
        inferenceCount
      }
    }
    versions(first: 5) {
      totalCount
      nodes {
        version
        weightsHash
        attributionMethod
        publishedAt {
          ...At
        }
        trainingRun {
          runId
          inputs {
            weight
            datanetVersion
            datanetId
            datanet {
              id
              name
            }
          }
        }
      }
    }
    adapters(first: 20) {
      totalCount
      nodes {
        id
        adapterId
        baseVersion
        inferenceCount
        builder {
          address
        }
        createdAt {
          ...At
        }
      }
    }
    datanets(first: 20) {
      nodes {
        id
        name
        acceptedCount
      }
    }
    inferences(first: 10) {
      nodes {
        ...InferenceRow
      }
    }
  }
  rewardHistory(scope: {model: \$id}, bucket: DAY, by: SOURCE, to: \$to) {
    points {
      ...HistoryPoint
    }
  }
}

fragment Price on ModelPrice {
  token {
    id
    symbol
    decimals
  }
  per1kIn
  per1kOut
  platformFee
  since {
    ...At
  }
}

fragment ModelRow on Model {
  id
  modelId
  name
  builder {
    address
  }
  inferenceCount
  userCount
  attributionCoverage
  averageRating
  fees {
    ...Amount
  }
  createdAt {
    ...At
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}

fragment InferenceRow on Inference {
  id
  inferenceId
  modelId
  model {
    id
    name
  }
  user {
    address
  }
  tokensIn
  tokensOut
  fee {
    ...Amount
  }
  attribution {
    method
    leafCount
    complete
  }
  settledAt {
    ...At
  }
}

fragment HistoryPoint on RewardPoint {
  start
  source
  accrued
  reversed
  rewardCount
  token {
    id
    symbol
    decimals
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

export type ModelListVariables = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  where?: ModelFilter | null;
  orderBy?: ModelOrder | null;
  asOf?: BlockRef | null;
};

export type ModelListData = {
  models: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      modelId: string;
      name: string | null;
      builder: {
        address: string;
      };
      inferenceCount: number;
      userCount: number;
      attributionCoverage: number | null;
      averageRating: number | null;
      fees: readonly ({
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      })[];
      createdAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const ModelList: TypedDocument<ModelListData, ModelListVariables> = {
  text: `query ModelList(\$first: Int, \$after: Cursor, \$last: Int, \$before: Cursor, \$where: ModelFilter, \$orderBy: ModelOrder, \$asOf: BlockRef) {
  models(
    first: \$first
    after: \$after
    last: \$last
    before: \$before
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    totalCount
    nodes {
      ...ModelRow
    }
    pageInfo {
      ...Page
    }
  }
}

fragment ModelRow on Model {
  id
  modelId
  name
  builder {
    address
  }
  inferenceCount
  userCount
  attributionCoverage
  averageRating
  fees {
    ...Amount
  }
  createdAt {
    ...At
  }
}

fragment Page on PageInfo {
  startCursor
  endCursor
  hasNextPage
  hasPreviousPage
  changeCursor
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type MomentVariables = {
  block: number;
  chainId: number;
};

export type MomentData = {
  events: {
    nodes: readonly ({
      id: string;
      at: {
        timestamp: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
        };
      };
    })[];
  } | null;
};

export const Moment: TypedDocument<MomentData, MomentVariables> = {
  text: `query Moment(\$block: Int!, \$chainId: Int!) {
  events(first: 1, where: {chainId: {eq: \$chainId}, block: {lte: \$block}}) {
    nodes {
      id
      at {
        timestamp
        block {
          chainId
          number
          hash
        }
      }
    }
  }
}`,
};

export type NativeVariables = {
  id: string;
};

export type NativeData = {
  node: {
    __typename: 'Account';
  } | {
    __typename: 'Adapter';
  } | {
    __typename: 'ChainEvent';
  } | {
    __typename: 'Claim';
  } | {
    __typename: 'Contribution';
  } | {
    __typename: 'Datanet';
  } | {
    __typename: 'Dispute';
  } | {
    __typename: 'Inference';
  } | {
    __typename: 'Influence';
  } | {
    __typename: 'Model';
  } | {
    __typename: 'Pool';
  } | {
    __typename: 'Reversal';
  } | {
    __typename: 'Reward';
  } | {
    __typename: 'Token';
    id: string;
    symbol: string | null;
    decimals: number | null;
  } | null;
};

export const Native: TypedDocument<NativeData, NativeVariables> = {
  text: `query Native(\$id: ID!) {
  node(id: \$id) {
    __typename
    ... on Token {
      id
      symbol
      decimals
    }
  }
}`,
};

export type OtherVariables = {
  id: string;
  asOf?: BlockRef | null;
};

export type OtherData = {
  node: {
    __typename: 'Account';
    id: string;
  } | {
    __typename: 'Adapter';
    id: string;
  } | {
    __typename: 'ChainEvent';
    id: string;
    name: string;
    contract: string;
    subjects: readonly (string)[];
    args: readonly ({
      name: string;
      type: string;
      value: string;
    })[];
    at: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
  } | {
    __typename: 'Claim';
    id: string;
    amount: {
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    };
    beneficiary: {
      address: string;
    };
    to: {
      address: string;
    };
    pool: {
      id: string;
    } | null;
    claimedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
  } | {
    __typename: 'Contribution';
    id: string;
  } | {
    __typename: 'Datanet';
    id: string;
  } | {
    __typename: 'Dispute';
    id: string;
    disputeId: string;
    resolved: boolean;
    upheld: boolean | null;
    bond: string;
    slashed: string | null;
    contribution: {
      id: string;
    } | null;
    challenger: {
      address: string;
    };
    openedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    resolvedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
  } | {
    __typename: 'Inference';
    id: string;
  } | {
    __typename: 'Influence';
    id: string;
    weightPpm: string;
    current: boolean;
    influence: string;
    inference: {
      id: string;
    } | null;
    contribution: {
      id: string;
    } | null;
    datanet: {
      id: string;
      name: string | null;
    } | null;
    contributor: {
      address: string;
    };
    at: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
  } | {
    __typename: 'Model';
    id: string;
  } | {
    __typename: 'Pool';
    id: string;
  } | {
    __typename: 'Reversal';
    id: string;
    reason: number;
    amount: {
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    };
    beneficiary: {
      address: string;
    };
    pool: {
      id: string;
    } | null;
    inference: {
      id: string;
    } | null;
    reversedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
  } | {
    __typename: 'Reward';
    id: string;
  } | {
    __typename: 'Token';
    id: string;
    chainId: number;
    address: string | null;
    symbol: string | null;
    decimals: number | null;
    native: boolean;
  } | null;
};

export const Other: TypedDocument<OtherData, OtherVariables> = {
  text: `query Other(\$id: ID!, \$asOf: BlockRef) {
  node(id: \$id, asOf: \$asOf) {
    __typename
    id
    ... on ChainEvent {
      name
      contract
      subjects
      args {
        name
        type
        value
      }
      at {
        ...At
      }
    }
    ... on Influence {
      weightPpm
      current
      influence
      inference {
        id
      }
      contribution {
        id
      }
      datanet {
        id
        name
      }
      contributor {
        address
      }
      at {
        ...At
      }
    }
    ... on Claim {
      amount {
        ...Amount
      }
      beneficiary {
        address
      }
      to {
        address
      }
      pool {
        id
      }
      claimedAt {
        ...At
      }
    }
    ... on Reversal {
      reason
      amount {
        ...Amount
      }
      beneficiary {
        address
      }
      pool {
        id
      }
      inference {
        id
      }
      reversedAt {
        ...At
      }
    }
    ... on Dispute {
      disputeId
      resolved
      upheld
      bond
      slashed
      contribution {
        id
      }
      challenger {
        address
      }
      openedAt {
        ...At
      }
      resolvedAt {
        ...At
      }
    }
    ... on Token {
      chainId
      address
      symbol
      decimals
      native
    }
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
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

export type PathsVariables = {
  from: string;
  to: string;
  limit?: number;
  asOf?: BlockRef | null;
};

export type PathsData = {
  attributionPaths: readonly ({
    weight: number;
    amount: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    nodes: readonly ({
      id: string;
      kind: 'ACCOUNT' | 'ADAPTER' | 'CONTRIBUTION' | 'DATANET' | 'INFERENCE' | 'MODEL' | 'REWARD';
      label: string;
    })[];
    edges: readonly ({
      id: string;
      kind: 'ADAPTS' | 'CONTRIBUTED' | 'DERIVED_FROM' | 'INFLUENCED' | 'IN_DATANET' | 'PAID_FOR' | 'RECEIVED' | 'REWARDED' | 'SERVED' | 'TRAINED_ON';
      from: string;
      to: string;
      weightPpm: string | null;
      amount: {
        amount: string;
        token: {
          id: string;
          symbol: string | null;
          decimals: number | null;
        };
      } | null;
    })[];
  })[] | null;
};

export const Paths: TypedDocument<PathsData, PathsVariables> = {
  text: `query Paths(\$from: ID!, \$to: ID!, \$limit: Int! = 10, \$asOf: BlockRef) {
  attributionPaths(from: \$from, to: \$to, limit: \$limit, asOf: \$asOf) {
    weight
    amount {
      ...Amount
    }
    nodes {
      id
      kind
      label
    }
    edges {
      id
      kind
      from
      to
      weightPpm
      amount {
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

export type PoolPageVariables = {
  id: string;
  asOf?: BlockRef | null;
};

export type PoolPageData = {
  pool: {
    id: string;
    chainId: number;
    poolId: string;
    kind: 'DATANET' | 'MODEL' | 'PLATFORM' | 'STAKING' | 'UNKNOWN';
    subject: {
      id: string;
    } | {
      id: string;
      name: string | null;
    } | null;
    token: {
      id: string;
      symbol: string | null;
      decimals: number | null;
    } | null;
    funded: string;
    fundedBySource: readonly ({
      source: 'EMISSION' | 'FEE' | 'GRANT' | 'SLASH' | 'UNKNOWN';
      amount: string;
    })[];
    accrued: string;
    claimed: string;
    reversed: string;
    balance: string;
    createdAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
  } | null;
  rewards: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      epoch: string;
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
        contributionId: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      inference: {
        id: string;
        inferenceId: string;
        model: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      accruedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
  } | null;
};

export const PoolPage: TypedDocument<PoolPageData, PoolPageVariables> = {
  text: `query PoolPage(\$id: ID!, \$asOf: BlockRef) {
  pool(id: \$id, asOf: \$asOf) {
    id
    chainId
    poolId
    kind
    subject {
      id
      ... on Datanet {
        name
      }
      ... on Model {
        name
      }
    }
    token {
      id
      symbol
      decimals
    }
    funded
    fundedBySource {
      source
      amount
    }
    accrued
    claimed
    reversed
    balance
    createdAt {
      ...At
    }
  }
  rewards(first: 10, where: {pool: {eq: \$id}}, asOf: \$asOf) {
    totalCount
    nodes {
      ...RewardRow
    }
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
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

export type ReconcileVariables = {
  scope: 'ACCOUNT' | 'CHAIN' | 'INFERENCE' | 'POOL';
  id: string;
  asOf?: BlockRef | null;
};

export type ReconcileData = {
  reconcile: {
    balanced: boolean;
    asOf: {
      chainId: number;
      number: number;
    };
    lines: readonly ({
      account: string;
      debit: string;
      credit: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    residuals: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
    unexplained: {
      totalCount: number;
      nodes: readonly ({
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
        event: string;
      })[];
    };
  } | null;
};

export const Reconcile: TypedDocument<ReconcileData, ReconcileVariables> = {
  text: `query Reconcile(\$scope: ReconciliationScope!, \$id: ID!, \$asOf: BlockRef) {
  reconcile(scope: \$scope, id: \$id, asOf: \$asOf) {
    balanced
    asOf {
      chainId
      number
    }
    lines {
      account
      debit
      credit
      token {
        id
        symbol
        decimals
      }
    }
    residuals {
      ...Amount
    }
    unexplained(first: 20) {
      totalCount
      nodes {
        ...At
        event
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
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type RetentionChartVariables = {
  cohort: 'BUILDERS' | 'CONTRIBUTORS' | 'USERS';
  bucket?: 'DAY' | 'HOUR' | 'MONTH' | 'WEEK';
  to?: string | null;
};

export type RetentionChartData = {
  retention: {
    rows: readonly ({
      start: string;
      size: number;
      active: readonly (number)[];
    })[];
  } | null;
};

export const RetentionChart: TypedDocument<RetentionChartData, RetentionChartVariables> = {
  text: `query RetentionChart(\$cohort: Cohort!, \$bucket: Bucket! = WEEK, \$to: DateTime) {
  retention(cohort: \$cohort, bucket: \$bucket, to: \$to) {
    rows {
      start
      size
      active
    }
  }
}`,
};

export type RewardPageVariables = {
  id: string;
  asOf?: BlockRef | null;
};

export type RewardPageData = {
  reward: {
    id: string;
    role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
    epoch: string;
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
      contributionId: string;
      datanet: {
        id: string;
        name: string | null;
      } | null;
    } | null;
    inference: {
      id: string;
      inferenceId: string;
      model: {
        id: string;
        name: string | null;
      } | null;
    } | null;
    accruedAt: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    };
    chainId: number;
    poolId: string;
    ref: string;
    pool: {
      id: string;
      kind: 'DATANET' | 'MODEL' | 'PLATFORM' | 'STAKING' | 'UNKNOWN';
    } | null;
  } | null;
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
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
        event: string;
        contract: string;
      })[];
    })[];
  } | null;
};

export const RewardPage: TypedDocument<RewardPageData, RewardPageVariables> = {
  text: `query RewardPage(\$id: ID!, \$asOf: BlockRef) {
  reward(id: \$id, asOf: \$asOf) {
    ...RewardRow
    chainId
    poolId
    ref
    pool {
      id
      kind
    }
  }
  explainReward(id: \$id, asOf: \$asOf) {
    summary
    expected
    difference
    steps {
      kind
      text
      formula
      amount {
        ...Amount
      }
      evidence {
        ...At
        event
        contract
      }
    }
  }
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
  }
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}`,
};

export type RewardChangesVariables = {
  after?: string | null;
  where?: RewardFilter | null;
};

export type RewardChangesData = {
  rewards: {
    cursor: string;
    op: 'APPLY' | 'PROGRESS' | 'RETRACT';
    id: string | null;
    at: {
      transactionHash: string;
      logIndex: number;
      timestamp: string;
      eventId: string;
      block: {
        chainId: number;
        number: number;
        hash: string;
        finality: 'FINALIZED' | 'PENDING' | 'SAFE';
      };
    } | null;
    reward: {
      id: string;
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      epoch: string;
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
        contributionId: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      inference: {
        id: string;
        inferenceId: string;
        model: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      accruedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    } | null;
  };
};

export const RewardChanges: TypedDocument<RewardChangesData, RewardChangesVariables> = {
  text: `subscription RewardChanges(\$after: ChangeCursor, \$where: RewardFilter) {
  rewards(after: \$after, where: \$where) {
    cursor
    op
    id
    at {
      ...At
    }
    reward {
      ...RewardRow
    }
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
  }
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
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

export type RewardListVariables = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  where?: RewardFilter | null;
  orderBy?: RewardOrder | null;
  asOf?: BlockRef | null;
};

export type RewardListData = {
  rewards: {
    totalCount: number;
    nodes: readonly ({
      id: string;
      role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
      epoch: string;
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
        contributionId: string;
        datanet: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      inference: {
        id: string;
        inferenceId: string;
        model: {
          id: string;
          name: string | null;
        } | null;
      } | null;
      accruedAt: {
        transactionHash: string;
        logIndex: number;
        timestamp: string;
        eventId: string;
        block: {
          chainId: number;
          number: number;
          hash: string;
          finality: 'FINALIZED' | 'PENDING' | 'SAFE';
        };
      };
    })[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      changeCursor: string;
    };
  } | null;
};

export const RewardList: TypedDocument<RewardListData, RewardListVariables> = {
  text: `query RewardList(\$first: Int, \$after: Cursor, \$last: Int, \$before: Cursor, \$where: RewardFilter, \$orderBy: RewardOrder, \$asOf: BlockRef) {
  rewards(
    first: \$first
    after: \$after
    last: \$last
    before: \$before
    where: \$where
    orderBy: \$orderBy
    asOf: \$asOf
  ) {
    totalCount
    nodes {
      ...RewardRow
    }
    pageInfo {
      ...Page
    }
  }
}

fragment RewardRow on Reward {
  id
  role
  epoch
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
    contributionId
    datanet {
      id
      name
    }
  }
  inference {
    id
    inferenceId
    model {
      id
      name
    }
  }
  accruedAt {
    ...At
  }
}

fragment Page on PageInfo {
  startCursor
  endCursor
  hasNextPage
  hasPreviousPage
  changeCursor
}

fragment Amount on TokenAmount {
  amount
  token {
    id
    symbol
    decimals
  }
}

fragment At on Provenance {
  transactionHash
  logIndex
  timestamp
  eventId
  block {
    chainId
    number
    hash
    finality
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
    roles: readonly ('BENEFICIARY' | 'BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'OWNER' | 'STAKER' | 'USER' | 'VOTER')[];
  } | {
    __typename: 'Adapter';
    id: string;
  } | {
    __typename: 'Block';
    chainId: number;
    number: number;
    hash: string;
    timestamp: string;
  } | {
    __typename: 'Contribution';
    id: string;
    status: 'ACCEPTED' | 'PENDING' | 'REJECTED' | 'SLASHED' | 'UNKNOWN';
    datanet: {
      name: string | null;
    } | null;
  } | {
    __typename: 'Datanet';
    id: string;
    name: string | null;
  } | {
    __typename: 'Inference';
    id: string;
    model: {
      name: string | null;
    } | null;
    fee: {
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    };
  } | {
    __typename: 'Model';
    id: string;
    name: string | null;
  } | {
    __typename: 'Pool';
    id: string;
    kind: 'DATANET' | 'MODEL' | 'PLATFORM' | 'STAKING' | 'UNKNOWN';
  } | {
    __typename: 'Reward';
    id: string;
    role: 'ADAPTER_BUILDER' | 'CONTRIBUTOR' | 'CURATOR' | 'MODEL_BUILDER' | 'PLATFORM' | 'STAKER' | 'UNKNOWN';
    amount: {
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    };
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
    ... on Account {
      roles
    }
    ... on Contribution {
      status
      datanet {
        name
      }
    }
    ... on Inference {
      model {
        name
      }
      fee {
        ...Amount
      }
    }
    ... on Reward {
      role
      amount {
        ...Amount
      }
    }
    ... on Pool {
      kind
    }
    ... on Block {
      chainId
      number
      hash
      timestamp
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

export type StatusVariables = {
};

export type StatusData = {
  indexStatus: {
    synced: boolean;
    version: string;
    changeCursor: string;
    chains: readonly ({
      chainId: number;
      name: string;
      progress: number;
      blocksBehind: number | null;
      eventsPerSecond: number;
      reorgs: number;
      deepestReorg: number;
      undecodedLogs: number;
      verifiedTo: number | null;
      warnings: readonly (string)[];
      error: string | null;
      head: {
        number: number;
        hash: string;
        timestamp: string;
      } | null;
      indexed: {
        number: number;
        hash: string;
        timestamp: string;
      } | null;
      safe: {
        number: number;
      } | null;
      finalized: {
        number: number;
        timestamp: string;
      } | null;
    })[];
  };
};

export const Status: TypedDocument<StatusData, StatusVariables> = {
  text: `query Status {
  indexStatus {
    synced
    version
    changeCursor
    chains {
      ...Chain
    }
  }
}

fragment Chain on ChainStatus {
  chainId
  name
  progress
  blocksBehind
  eventsPerSecond
  reorgs
  deepestReorg
  undecodedLogs
  verifiedTo
  warnings
  error
  head {
    number
    hash
    timestamp
  }
  indexed {
    number
    hash
    timestamp
  }
  safe {
    number
  }
  finalized {
    number
    timestamp
  }
}`,
};

export type StatusChangesVariables = {
};

export type StatusChangesData = {
  indexStatus: {
    chainId: number;
    name: string;
    progress: number;
    blocksBehind: number | null;
    eventsPerSecond: number;
    reorgs: number;
    deepestReorg: number;
    undecodedLogs: number;
    verifiedTo: number | null;
    warnings: readonly (string)[];
    error: string | null;
    head: {
      number: number;
      hash: string;
      timestamp: string;
    } | null;
    indexed: {
      number: number;
      hash: string;
      timestamp: string;
    } | null;
    safe: {
      number: number;
    } | null;
    finalized: {
      number: number;
      timestamp: string;
    } | null;
  };
};

export const StatusChanges: TypedDocument<StatusChangesData, StatusChangesVariables> = {
  text: `subscription StatusChanges {
  indexStatus {
    ...Chain
  }
}

fragment Chain on ChainStatus {
  chainId
  name
  progress
  blocksBehind
  eventsPerSecond
  reorgs
  deepestReorg
  undecodedLogs
  verifiedTo
  warnings
  error
  head {
    number
    hash
    timestamp
  }
  indexed {
    number
    hash
    timestamp
  }
  safe {
    number
  }
  finalized {
    number
    timestamp
  }
}`,
};

export type TokensVariables = {
};

export type TokensData = {
  rewardHistory: {
    total: readonly ({
      amount: string;
      token: {
        id: string;
        symbol: string | null;
        decimals: number | null;
      };
    })[];
  } | null;
};

export const Tokens: TypedDocument<TokensData, TokensVariables> = {
  text: `query Tokens {
  rewardHistory(bucket: MONTH) {
    total {
      ...Amount
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

