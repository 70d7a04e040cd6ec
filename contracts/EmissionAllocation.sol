// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SOURCE_EMISSION} from "./Codes.sol";
import {Money} from "./Money.sol";
import {RewardLedger} from "./RewardLedger.sol";
import {Guarded, Roles, TREASURER} from "./Roles.sol";

/// The wallet that emissions come out of. OPEN's supply is fixed: an emission is a transfer from what was allocated here,
/// never a mint, at most `epochLimit` in an epoch. When it is empty, emissions end.
contract EmissionAllocation is Guarded {
    RewardLedger public immutable rewards;
    address public immutable token;
    uint256 public immutable epochLimit;

    mapping(uint64 epoch => uint256) public releasedIn;

    error AboveLimit(uint64 epoch, uint256 asked, uint256 left);
    error AllocationTooSmall(uint256 asked, uint256 left);
    error LengthsDiffer();

    constructor(Roles roles_, RewardLedger rewards_, address token_, uint256 epochLimit_) Guarded(roles_) {
        rewards = rewards_;
        token = token_;
        epochLimit = epochLimit_;
    }

    receive() external payable {}

    /// Funds pools of one kind from the allocation, in this epoch.
    function release(
        uint8 poolKind,
        uint256[] calldata subjectIds,
        uint256[] calldata amounts
    ) external only(TREASURER) {
        if (subjectIds.length != amounts.length) revert LengthsDiffer();
        uint64 epoch = rewards.currentEpoch();
        for (uint256 i = 0; i < subjectIds.length; i++) {
            uint256 amount = amounts[i];
            uint256 left = epochLimit - releasedIn[epoch];
            if (amount > left) revert AboveLimit(epoch, amount, left);
            if (amount > Money.balance(token)) revert AllocationTooSmall(amount, Money.balance(token));
            releasedIn[epoch] += amount;
            uint256 value = Money.sendAhead(token, address(rewards), amount);
            rewards.fund{value: value}(poolKind, subjectIds[i], token, SOURCE_EMISSION, bytes32(0), address(this), amount);
        }
    }
}
