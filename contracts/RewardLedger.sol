// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {POOL_STAKING, SOURCE_EMISSION, SOURCE_FEE, SOURCE_GRANT, SOURCE_SLASH} from "./Codes.sol";
import {IRewardLedger} from "./interfaces/OpenLedgerReference.sol";
import {Money} from "./Money.sol";
import {RewardShares} from "./RewardShares.sol";
import {ACCRUER, ARBITER, EMISSION_FUNDER, EPOCH_SETTLER, FEE_FUNDER, Guarded, Roles, SLASH_FUNDER} from "./Roles.sol";

/// Holds what is to be paid. A pool is one (kind, subject, token). Money goes one way, and each step is bounded by the
/// one before: funded -> available -> accrued to a beneficiary -> claimed. At any time, per token,
///
///   held = sum of available over the pools + sum of claimable over the beneficiaries <= balance of this contract.
contract RewardLedger is IRewardLedger, Guarded, ReentrancyGuardTransient {
    struct Pool {
        bool exists;
        uint8 kind;
        address token;
        uint256 subjectId;
        uint256 available;
    }

    struct Accrual {
        bytes32 poolId;
        address beneficiary;
        bytes32 ref;
        uint8 role;
        uint256 contributionId;
        uint256 amount;
    }

    /// Who may get a share of a pool when its epoch is settled is checked by this contract.
    RewardShares public immutable shares;
    uint64 public immutable epochSeconds;

    mapping(bytes32 poolId => Pool) public pools;
    mapping(bytes32 poolId => mapping(address beneficiary => uint256)) public claimable;
    mapping(address token => uint256) public held;
    mapping(bytes32 poolId => mapping(uint64 epoch => mapping(uint8 source => uint256))) public fundedIn;
    mapping(bytes32 poolId => mapping(uint64 epoch => bool)) public isSettled;
    /// What an accrual can still be reversed by, by `accrualKey`.
    mapping(bytes32 key => uint256) public reversible;

    error PoolExists(bytes32 poolId);
    error NoSuchPool(bytes32 poolId);
    error NoSuchSubject(uint8 kind, uint256 subjectId);
    error NotFunded(address token, uint256 expected, uint256 arrived);
    error PoolTooSmall(bytes32 poolId, uint256 asked, uint256 available);
    error NothingToClaim(bytes32 poolId, address beneficiary);
    error NothingToReverse(uint256 asked, uint256 reversible, uint256 claimable);
    error BadAddress();
    error BadSource(uint8 source);
    error EpochNotOver(uint64 epoch);
    error AlreadySettled(bytes32 poolId, uint64 epoch);

    constructor(Roles roles_, RewardShares shares_, uint64 epochSeconds_) Guarded(roles_) {
        shares = shares_;
        epochSeconds = epochSeconds_;
    }

    function poolIdOf(uint8 kind, uint256 subjectId, address token) public pure returns (bytes32) {
        return keccak256(abi.encode(kind, subjectId, token));
    }

    function currentEpoch() public view returns (uint64) {
        return uint64(block.timestamp) / epochSeconds;
    }

    /// Anyone may open a pool; the first funding opens it otherwise. The subject must exist (0 for PLATFORM and STAKING).
    function createPool(uint8 kind, uint256 subjectId, address token) external returns (bytes32 poolId) {
        poolId = poolIdOf(kind, subjectId, token);
        if (pools[poolId].exists) revert PoolExists(poolId);
        _open(poolId, kind, subjectId, token);
    }

    /// Books what another contract of the loop has just brought: native OPEN came with this call, an ERC-20 was sent
    /// ahead in the same transaction. FEE, EMISSION and SLASH each have their own kind of caller.
    function fund(
        uint8 kind,
        uint256 subjectId,
        address token,
        uint8 source,
        bytes32 ref,
        address funder,
        uint256 amount
    ) external payable nonReentrant {
        _require(_funderOf(source));
        uint256 arrived = Money.balance(token) - held[token];
        if (arrived < amount) revert NotFunded(token, amount, arrived);
        _fund(kind, subjectId, token, source, ref, funder, amount);
    }

    /// Anyone may give to a pool.
    function grant(uint8 kind, uint256 subjectId, address token, uint256 amount) external payable nonReentrant {
        Money.take(token, msg.sender, amount);
        _fund(kind, subjectId, token, SOURCE_GRANT, bytes32(0), msg.sender, amount);
    }

    /// Rewards that follow from a settled or attributed inference. Never more than the pool holds.
    function accrue(Accrual[] calldata accruals) external only(ACCRUER) {
        uint64 epoch = currentEpoch();
        for (uint256 i = 0; i < accruals.length; i++) _accrue(accruals[i], epoch);
    }

    /// Takes back what was accrued and not yet claimed, into the pool: for a revised attribution, or by the arbiter.
    function reverse(Accrual calldata accrual, uint8 reason) external {
        if (!roles.hasRole(ACCRUER, msg.sender)) _require(ARBITER);
        bytes32 key = accrualKey(accrual);
        uint256 limit = reversible[key];
        uint256 unclaimed = claimable[accrual.poolId][accrual.beneficiary];
        if (accrual.amount == 0 || accrual.amount > limit || accrual.amount > unclaimed) {
            revert NothingToReverse(accrual.amount, limit, unclaimed);
        }
        reversible[key] = limit - accrual.amount;
        claimable[accrual.poolId][accrual.beneficiary] = unclaimed - accrual.amount;
        pools[accrual.poolId].available += accrual.amount;
        emit RewardReversed(accrual.poolId, accrual.beneficiary, accrual.ref, reason, accrual.amount);
    }

    /// Pays everything the caller has accrued in these pools to `to`.
    function claim(bytes32[] calldata poolIds, address to) external nonReentrant {
        if (to == address(0)) revert BadAddress();
        for (uint256 i = 0; i < poolIds.length; i++) {
            bytes32 poolId = poolIds[i];
            uint256 amount = claimable[poolId][msg.sender];
            if (amount == 0) revert NothingToClaim(poolId, msg.sender);
            address token = pools[poolId].token;
            claimable[poolId][msg.sender] = 0;
            held[token] -= amount;
            emit RewardClaimed(poolId, msg.sender, to, amount);
            Money.give(token, to, amount);
        }
    }

    /// Distributes what a pool holds once its epoch is over; what is not distributed is carried on. Each share is accrued
    /// with no reference, in the epoch that is settled.
    function settleEpoch(
        bytes32 poolId,
        uint64 epoch,
        RewardShares.Share[] calldata list
    ) external only(EPOCH_SETTLER) {
        Pool storage pool = pools[poolId];
        if (!pool.exists) revert NoSuchPool(poolId);
        if (epoch >= currentEpoch()) revert EpochNotOver(epoch);
        if (isSettled[poolId][epoch]) revert AlreadySettled(poolId, epoch);
        isSettled[poolId][epoch] = true;
        shares.check(pool.kind, pool.subjectId, pool.available, list);
        for (uint256 i = 0; i < list.length; i++) {
            RewardShares.Share calldata share = list[i];
            _accrue(
                Accrual(poolId, share.beneficiary, bytes32(0), share.role, share.contributionId, share.amount),
                epoch
            );
        }
        uint256 fees = fundedIn[poolId][epoch][SOURCE_FEE];
        emit EpochSettled(poolId, epoch, fees, fundedIn[poolId][epoch][SOURCE_EMISSION], pool.available);
    }

    function accrualKey(Accrual calldata accrual) public pure returns (bytes32) {
        return
            keccak256(
                abi.encode(accrual.poolId, accrual.beneficiary, accrual.ref, accrual.role, accrual.contributionId)
            );
    }

    function _fund(
        uint8 kind,
        uint256 subjectId,
        address token,
        uint8 source,
        bytes32 ref,
        address funder,
        uint256 amount
    ) private {
        bytes32 poolId = poolIdOf(kind, subjectId, token);
        if (!pools[poolId].exists) _open(poolId, kind, subjectId, token);
        held[token] += amount;
        pools[poolId].available += amount;
        fundedIn[poolId][currentEpoch()][source] += amount;
        emit PoolFunded(poolId, source, ref, funder, amount);
    }

    function _open(bytes32 poolId, uint8 kind, uint256 subjectId, address token) private {
        if (kind > POOL_STAKING || !shares.subjectExists(kind, subjectId)) revert NoSuchSubject(kind, subjectId);
        pools[poolId] = Pool(true, kind, token, subjectId, 0);
        emit PoolCreated(poolId, kind, subjectId, token);
    }

    function _accrue(Accrual memory accrual, uint64 epoch) private {
        if (accrual.amount == 0) return;
        Pool storage pool = pools[accrual.poolId];
        if (accrual.beneficiary == address(0)) revert BadAddress();
        if (accrual.amount > pool.available) revert PoolTooSmall(accrual.poolId, accrual.amount, pool.available);
        pool.available -= accrual.amount;
        claimable[accrual.poolId][accrual.beneficiary] += accrual.amount;
        bytes32 key = keccak256(
            abi.encode(accrual.poolId, accrual.beneficiary, accrual.ref, accrual.role, accrual.contributionId)
        );
        reversible[key] += accrual.amount;
        emit RewardAccrued(
            accrual.poolId,
            accrual.beneficiary,
            accrual.ref,
            accrual.role,
            accrual.contributionId,
            accrual.amount,
            epoch
        );
    }

    function _funderOf(uint8 source) private pure returns (bytes32) {
        if (source == SOURCE_FEE) return FEE_FUNDER;
        if (source == SOURCE_EMISSION) return EMISSION_FUNDER;
        if (source == SOURCE_SLASH) return SLASH_FUNDER;
        revert BadSource(source);
    }
}
