// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ICreditManager} from "./interfaces/OpenLedgerPublic.sol";
import {CREDIT_SPENDER, Guarded, Roles} from "./Roles.sol";

/// Credits, prepaid in native OPEN. The OPEN stays here until an inference consumes its credits.
contract CreditManager is ICreditManager, Guarded {
    /// Credits have 18 decimals, as OPEN has: an amount of OPEN is always a whole number of credits, and back.
    uint256 public constant CREDITS_PER_OPEN = 1_000;

    mapping(address user => uint256) public creditsOf;

    error NothingBought();
    error TooFewCredits(address user, uint256 needed, uint256 credits);

    constructor(Roles roles_) Guarded(roles_) {}

    function buyCredits() external payable {
        if (msg.value == 0) revert NothingBought();
        uint256 credits = msg.value * CREDITS_PER_OPEN;
        creditsOf[msg.sender] += credits;
        emit CreditPurchased(msg.sender, msg.value, credits);
    }

    /// Takes the credits that `amount` of OPEN is worth from `user` and hands the OPEN to the caller. Returns the credits.
    function spend(address user, uint256 amount) external only(CREDIT_SPENDER) returns (uint256 credits) {
        credits = amount * CREDITS_PER_OPEN;
        uint256 owned = creditsOf[user];
        if (credits > owned) revert TooFewCredits(user, credits, owned);
        creditsOf[user] = owned - credits;
        Address.sendValue(payable(msg.sender), amount);
    }
}
