// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {
    POOL_DATANET,
    POOL_MODEL,
    POOL_PLATFORM,
    POOL_STAKING,
    ROLE_ADAPTER_BUILDER,
    ROLE_CONTRIBUTOR,
    ROLE_CURATOR,
    ROLE_MODEL_BUILDER,
    ROLE_PLATFORM,
    ROLE_STAKER
} from "./Codes.sol";
import {ContributionRegistry} from "./ContributionRegistry.sol";
import {DatanetRegistry} from "./DatanetRegistry.sol";
import {ModelRegistry} from "./ModelRegistry.sol";
import {RiskLedger} from "./RiskLedger.sol";

/// Who may have a share of which pool when an epoch is settled. The settler chooses the amounts; it can't choose
/// strangers.
contract RewardShares {
    struct Share {
        address beneficiary;
        uint8 role;
        uint256 contributionId;
        uint256 amount;
    }

    DatanetRegistry public immutable datanets;
    ContributionRegistry public immutable contributions;
    ModelRegistry public immutable models;
    RiskLedger public immutable risk;
    address public immutable treasury;

    error NotEntitled(uint256 index, address beneficiary, uint8 role);

    constructor(
        DatanetRegistry datanets_,
        ContributionRegistry contributions_,
        ModelRegistry models_,
        RiskLedger risk_,
        address treasury_
    ) {
        datanets = datanets_;
        contributions = contributions_;
        models = models_;
        risk = risk_;
        treasury = treasury_;
    }

    function subjectExists(uint8 kind, uint256 subjectId) external view returns (bool) {
        if (kind == POOL_DATANET) return datanets.exists(subjectId);
        if (kind == POOL_MODEL) return models.exists(subjectId);
        return subjectId == 0;
    }

    /// Reverts with the first share whose beneficiary isn't entitled to it. `available` is what the pool holds.
    function check(uint8 kind, uint256 subjectId, uint256 available, Share[] calldata list) external view {
        for (uint256 i = 0; i < list.length; i++) {
            if (!_entitled(kind, subjectId, available, list[i])) {
                revert NotEntitled(i, list[i].beneficiary, list[i].role);
            }
        }
    }

    function _entitled(
        uint8 kind,
        uint256 subjectId,
        uint256 available,
        Share calldata share
    ) private view returns (bool) {
        address beneficiary = share.beneficiary;
        if (kind == POOL_DATANET && share.role == ROLE_CONTRIBUTOR) {
            (uint256 datanetId, address contributor, bool accepted) = contributions.origin(share.contributionId);
            return accepted && datanetId == subjectId && contributor == beneficiary;
        }
        if (share.contributionId != 0) return false;
        if (kind == POOL_DATANET) return share.role == ROLE_CURATOR && datanets.isCurator(subjectId, beneficiary);
        if (kind == POOL_MODEL) {
            if (share.role == ROLE_MODEL_BUILDER) return models.builderOf(subjectId) == beneficiary;
            return share.role == ROLE_ADAPTER_BUILDER && models.buildsAdapterOf(subjectId, beneficiary);
        }
        if (kind == POOL_PLATFORM) return share.role == ROLE_PLATFORM && beneficiary == treasury;
        if (kind != POOL_STAKING || share.role != ROLE_STAKER) return false;
        // A staker gets at most the part of the pool that its stake is of all stakes.
        return share.amount * risk.totalBonded(ROLE_STAKER) <= available * risk.bondOf(beneficiary, ROLE_STAKER);
    }
}
