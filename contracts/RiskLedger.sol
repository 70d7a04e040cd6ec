// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ROLE_ADAPTER_BUILDER, ROLE_CONTRIBUTOR, SOURCE_SLASH} from "./Codes.sol";
import {IRiskLedger} from "./interfaces/OpenLedgerReference.sol";
import {Money} from "./Money.sol";
import {RewardLedger} from "./RewardLedger.sol";
import {ARBITER, BOND_KEEPER, Guarded, Roles} from "./Roles.sol";

/// Holds every bond, in one token, and the reputation of accounts. A bond is kept under a reference: what a registry
/// escrowed for one contribution or dispute pays for that alone; an account's own standing bond has reference zero.
contract RiskLedger is IRiskLedger, Guarded, ReentrancyGuardTransient {
    RewardLedger public immutable rewards;
    address public immutable bondToken;
    /// How long a standing bond stays after it was last added to: whoever sees a slash coming can't run from it.
    uint64 public immutable holdSeconds;

    mapping(address account => mapping(uint8 role => uint256)) public bondOf;
    mapping(address account => mapping(uint8 role => mapping(bytes32 ref => uint256))) public bondFor;
    mapping(uint8 role => uint256) public totalBonded;
    mapping(address account => mapping(uint8 role => uint64)) public heldUntil;
    mapping(address account => mapping(uint256 datanetId => int256)) public reputation;

    error BadRole(uint8 role);
    error BondTooSmall(uint256 asked, uint256 bonded);
    error BondStillHeld(uint64 until);

    constructor(Roles roles_, RewardLedger rewards_, address bondToken_, uint64 holdSeconds_) Guarded(roles_) {
        rewards = rewards_;
        bondToken = bondToken_;
        holdSeconds = holdSeconds_;
    }

    /// Adds to the caller's standing bond of a role. Contributors bond with each contribution instead.
    function postBond(uint8 role, uint256 amount) external payable nonReentrant {
        if (role == ROLE_CONTRIBUTOR || role > ROLE_ADAPTER_BUILDER) revert BadRole(role);
        Money.take(bondToken, msg.sender, amount);
        heldUntil[msg.sender][role] = uint64(block.timestamp) + holdSeconds;
        _add(msg.sender, role, bytes32(0), amount);
    }

    function withdrawBond(uint8 role, uint256 amount) external nonReentrant {
        uint64 until = heldUntil[msg.sender][role];
        if (block.timestamp < until) revert BondStillHeld(until);
        _remove(msg.sender, role, bytes32(0), amount);
        Money.give(bondToken, msg.sender, amount);
    }

    /// A registry takes a bond from `account`: native comes with the call, an ERC-20 is pulled from the account, which
    /// must have allowed this contract to.
    function escrow(address account, uint8 role, bytes32 ref, uint256 amount) external payable only(BOND_KEEPER) nonReentrant {
        Money.take(bondToken, account, amount);
        _add(account, role, ref, amount);
    }

    /// Gives back the whole bond of a reference.
    function release(address account, uint8 role, bytes32 ref) external only(BOND_KEEPER) nonReentrant {
        uint256 amount = bondFor[account][role][ref];
        if (amount == 0) return;
        _remove(account, role, ref, amount);
        Money.give(bondToken, account, amount);
    }

    /// Moves the whole bond of a reference to `beneficiary`. Returns the amount.
    function slash(
        address account,
        uint8 role,
        bytes32 ref,
        address beneficiary
    ) external only(BOND_KEEPER) nonReentrant returns (uint256 amount) {
        amount = bondFor[account][role][ref];
        if (amount == 0) return 0;
        _remove(account, role, ref, amount);
        emit Slashed(account, role, ref, amount, beneficiary);
        Money.give(bondToken, beneficiary, amount);
    }

    /// Moves the whole bond of a reference into a pool, with source SLASH. Returns the amount.
    function slashToPool(
        address account,
        uint8 role,
        bytes32 ref,
        uint8 poolKind,
        uint256 subjectId
    ) external only(BOND_KEEPER) nonReentrant returns (uint256 amount) {
        amount = bondFor[account][role][ref];
        _slashToPool(account, role, ref, amount, poolKind, subjectId);
    }

    /// The arbiter takes a part of a standing bond, of a builder, curator or staker, for a pool that was harmed.
    function punish(
        address account,
        uint8 role,
        uint256 amount,
        uint8 poolKind,
        uint256 subjectId
    ) external only(ARBITER) nonReentrant {
        _slashToPool(account, role, bytes32(0), amount, poolKind, subjectId);
    }

    function changeReputation(address account, uint256 datanetId, bytes32 ref, int256 delta) external only(BOND_KEEPER) {
        int256 score = reputation[account][datanetId] + delta;
        reputation[account][datanetId] = score;
        emit ReputationChanged(account, datanetId, ref, delta, score);
    }

    function _slashToPool(
        address account,
        uint8 role,
        bytes32 ref,
        uint256 amount,
        uint8 poolKind,
        uint256 subjectId
    ) private {
        if (amount == 0) return;
        _remove(account, role, ref, amount);
        emit Slashed(account, role, ref, amount, address(rewards));
        uint256 value = Money.sendAhead(bondToken, address(rewards), amount);
        rewards.fund{value: value}(poolKind, subjectId, bondToken, SOURCE_SLASH, ref, address(this), amount);
    }

    function _add(address account, uint8 role, bytes32 ref, uint256 amount) private {
        if (amount == 0) return;
        bondFor[account][role][ref] += amount;
        totalBonded[role] += amount;
        uint256 bonded = bondOf[account][role] += amount;
        emit BondChanged(account, role, ref, int256(amount), bonded);
    }

    function _remove(address account, uint8 role, bytes32 ref, uint256 amount) private {
        uint256 kept = bondFor[account][role][ref];
        if (amount > kept) revert BondTooSmall(amount, kept);
        bondFor[account][role][ref] = kept - amount;
        totalBonded[role] -= amount;
        uint256 bonded = bondOf[account][role] -= amount;
        emit BondChanged(account, role, ref, -int256(amount), bonded);
    }
}
