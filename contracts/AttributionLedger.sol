// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {POOL_DATANET, PPM, ROLE_CONTRIBUTOR} from "./Codes.sol";
import {ContributionRegistry} from "./ContributionRegistry.sol";
import {InferenceLedger} from "./InferenceLedger.sol";
import {IAttributionLedger} from "./interfaces/OpenLedgerReference.sol";
import {RewardLedger} from "./RewardLedger.sol";
import {ATTRIBUTOR, Guarded, Roles} from "./Roles.sol";

/// Says which contributions an answer came from, and pays them.
///
/// A leaf is keccak256(keccak256(abi.encode(inferenceId, datanetId, contributionId, contributor, influence, weightPpm)));
/// the root is that of OpenZeppelin's Merkle trees (sorted pairs; an odd node moves up unchanged). The weights of a
/// complete attribution sum to exactly 1,000,000 ppm.
///
/// Money: each influence earns floor(leg * weightPpm / 1,000,000) of the contributors leg. A datanet's pool gets
/// floor(leg * its weights / 1,000,000), which is never less than what it owes; what this rounding leaves (less than one
/// unit per datanet) goes to the pool of the first influence's datanet. So the pools together get the leg exactly, and
/// may keep a few units, which the next settled epoch can distribute.
contract AttributionLedger is IAttributionLedger, Guarded {
    struct Influence {
        uint256 datanetId;
        uint256 contributionId;
        int256 influence;
        uint32 weightPpm;
    }

    struct Attribution {
        bytes32 root;
        uint64 epoch;
        uint8 method;
        uint32 leafCount;
        uint32 weightSum;
        bool isComplete;
    }

    uint8 public constant REASON_REVISED = 1;

    ContributionRegistry public immutable contributions;
    InferenceLedger public immutable inferences;
    RewardLedger public immutable rewards;

    mapping(bytes32 inferenceId => Attribution) public attributions;
    mapping(bytes32 inferenceId => Influence[]) private _influences;
    mapping(bytes32 inferenceId => mapping(bytes32 leaf => bool)) private _isRecorded;

    error AlreadyCommitted(bytes32 inferenceId);
    error NotCommitted(bytes32 inferenceId);
    error NoLeaves();
    error AlreadyComplete(bytes32 inferenceId);
    error NotComplete(bytes32 inferenceId);
    error BadProof(uint256 index);
    error BadInfluence(uint256 datanetId, uint256 contributionId);
    error BadWeights(uint256 sumPpm);
    error TooManyLeaves(bytes32 inferenceId);
    error DatanetWeightChanged(uint256 datanetId);

    constructor(
        Roles roles_,
        ContributionRegistry contributions_,
        InferenceLedger inferences_,
        RewardLedger rewards_
    ) Guarded(roles_) {
        contributions = contributions_;
        inferences = inferences_;
        rewards = rewards_;
    }

    /// Commits, records and pays in one call. The root is computed here.
    function attribute(
        bytes32 inferenceId,
        uint8 method,
        string calldata proofURI,
        Influence[] calldata influences
    ) external only(ATTRIBUTOR) {
        (address[] memory contributors, bytes32[] memory leaves) = _check(inferenceId, influences);
        _commit(inferenceId, method, _rootOf(leaves), uint32(influences.length), proofURI);
        _record(inferenceId, influences, contributors);
        _complete(inferenceId);
    }

    /// Commits to leaves that are recorded later, by `record`, in as many calls as it takes.
    function commit(
        bytes32 inferenceId,
        uint8 method,
        bytes32 leavesRoot,
        uint32 leafCount,
        string calldata proofURI
    ) external only(ATTRIBUTOR) {
        _commit(inferenceId, method, leavesRoot, leafCount, proofURI);
    }

    /// Records leaves of a commitment, each with its proof. The last one completes it.
    function record(
        bytes32 inferenceId,
        Influence[] calldata influences,
        bytes32[][] calldata proofs
    ) external only(ATTRIBUTOR) {
        Attribution storage attribution = _committed(inferenceId);
        if (attribution.isComplete) revert AlreadyComplete(inferenceId);
        (address[] memory contributors, bytes32[] memory leaves) = _check(inferenceId, influences);
        for (uint256 i = 0; i < leaves.length; i++) {
            bool known = _isRecorded[inferenceId][leaves[i]];
            if (known || !MerkleProof.verifyCalldata(proofs[i], attribution.root, leaves[i])) revert BadProof(i);
            _isRecorded[inferenceId][leaves[i]] = true;
        }
        _record(inferenceId, influences, contributors);
        if (_influences[inferenceId].length == attribution.leafCount) _complete(inferenceId);
    }

    /// Replaces a complete attribution. The old rewards are reversed, which needs them unclaimed, and the new ones accrued
    /// from the same pools: each datanet keeps its weight, since the fee is in its pool already.
    function revise(
        bytes32 inferenceId,
        Influence[] calldata influences,
        bytes32 reasonHash
    ) external only(ATTRIBUTOR) {
        Attribution storage attribution = _committed(inferenceId);
        if (!attribution.isComplete) revert NotComplete(inferenceId);
        (address[] memory contributors, bytes32[] memory leaves) = _check(inferenceId, influences);
        _checkSameDatanets(inferenceId, influences);
        bytes32 oldRoot = attribution.root;
        attribution.root = _rootOf(leaves);
        emit AttributionRevised(inferenceId, oldRoot, attribution.root, reasonHash);
        if (attribution.leafCount != influences.length) {
            // Only a commitment states the number of leaves.
            attribution.leafCount = uint32(influences.length);
            (uint256 modelId, ) = inferences.subjectOf(inferenceId);
            emit AttributionCommitted(
                inferenceId,
                modelId,
                attribution.epoch,
                attribution.method,
                attribution.root,
                attribution.leafCount,
                ""
            );
        }
        RewardLedger.Accrual[] memory old = _accruals(inferenceId);
        delete _influences[inferenceId];
        attribution.weightSum = 0;
        _record(inferenceId, influences, contributors);
        if (attribution.weightSum != PPM) revert BadWeights(attribution.weightSum);
        for (uint256 i = 0; i < old.length; i++) {
            if (old[i].amount > 0) rewards.reverse(old[i], REASON_REVISED);
        }
        rewards.accrue(_accruals(inferenceId));
    }

    function influencesOf(bytes32 inferenceId) external view returns (Influence[] memory) {
        return _influences[inferenceId];
    }

    /// Every influence must be of an accepted contribution of the datanet that it names.
    function _check(
        bytes32 inferenceId,
        Influence[] calldata influences
    ) private view returns (address[] memory contributors, bytes32[] memory leaves) {
        contributors = new address[](influences.length);
        leaves = new bytes32[](influences.length);
        for (uint256 i = 0; i < influences.length; i++) {
            Influence calldata each = influences[i];
            (uint256 datanetId, address contributor, bool accepted) = contributions.origin(each.contributionId);
            if (!accepted || datanetId != each.datanetId) revert BadInfluence(each.datanetId, each.contributionId);
            contributors[i] = contributor;
            leaves[i] = keccak256(
                bytes.concat(
                    keccak256(
                        abi.encode(
                            inferenceId,
                            datanetId,
                            each.contributionId,
                            contributor,
                            each.influence,
                            each.weightPpm
                        )
                    )
                )
            );
        }
    }

    function _commit(
        bytes32 inferenceId,
        uint8 method,
        bytes32 leavesRoot,
        uint32 leafCount,
        string calldata proofURI
    ) private {
        if (attributions[inferenceId].leafCount != 0) revert AlreadyCommitted(inferenceId);
        if (leafCount == 0) revert NoLeaves();
        // Reverts if the inference isn't settled and split: until then there is nothing to attribute.
        inferences.contributorsLeg(inferenceId);
        (uint256 modelId, ) = inferences.subjectOf(inferenceId);
        uint64 epoch = rewards.currentEpoch();
        attributions[inferenceId] = Attribution(leavesRoot, epoch, method, leafCount, 0, false);
        emit AttributionCommitted(inferenceId, modelId, epoch, method, leavesRoot, leafCount, proofURI);
    }

    function _record(bytes32 inferenceId, Influence[] calldata influences, address[] memory contributors) private {
        Attribution storage attribution = attributions[inferenceId];
        Influence[] storage stored = _influences[inferenceId];
        if (stored.length + influences.length > attribution.leafCount) revert TooManyLeaves(inferenceId);
        uint256 sumPpm = attribution.weightSum;
        for (uint256 i = 0; i < influences.length; i++) {
            Influence calldata each = influences[i];
            sumPpm += each.weightPpm;
            stored.push(each);
            emit InfluenceRecorded(
                inferenceId,
                each.datanetId,
                each.contributionId,
                contributors[i],
                each.influence,
                each.weightPpm
            );
        }
        if (sumPpm > PPM) revert BadWeights(sumPpm);
        attribution.weightSum = uint32(sumPpm);
    }

    function _complete(bytes32 inferenceId) private {
        Attribution storage attribution = attributions[inferenceId];
        if (attribution.weightSum != PPM) revert BadWeights(attribution.weightSum);
        attribution.isComplete = true;
        (, uint256 leg) = inferences.contributorsLeg(inferenceId);
        if (leg == 0) return;
        (uint256[] memory datanetIds, uint256[] memory amounts) = _weightsByDatanet(_influences[inferenceId]);
        uint256 rest = leg;
        for (uint256 i = 0; i < amounts.length; i++) {
            amounts[i] = (leg * amounts[i]) / PPM;
            rest -= amounts[i];
        }
        amounts[0] += rest;
        inferences.fundDatanets(inferenceId, datanetIds, amounts);
        rewards.accrue(_accruals(inferenceId));
    }

    /// What the recorded influences earn.
    function _accruals(bytes32 inferenceId) private view returns (RewardLedger.Accrual[] memory accruals) {
        (address token, uint256 leg) = inferences.contributorsLeg(inferenceId);
        Influence[] storage influences = _influences[inferenceId];
        accruals = new RewardLedger.Accrual[](influences.length);
        for (uint256 i = 0; i < influences.length; i++) {
            Influence storage each = influences[i];
            (, address contributor, ) = contributions.origin(each.contributionId);
            accruals[i] = RewardLedger.Accrual(
                rewards.poolIdOf(POOL_DATANET, each.datanetId, token),
                contributor,
                inferenceId,
                ROLE_CONTRIBUTOR,
                each.contributionId,
                (leg * each.weightPpm) / PPM
            );
        }
    }

    function _checkSameDatanets(bytes32 inferenceId, Influence[] calldata influences) private view {
        (uint256[] memory oldIds, uint256[] memory oldSums) = _weightsByDatanet(_influences[inferenceId]);
        (uint256[] memory newIds, uint256[] memory newSums) = _weightsByDatanet(influences);
        for (uint256 i = 0; i < newIds.length; i++) {
            uint256 j = 0;
            while (j < oldIds.length && oldIds[j] != newIds[i]) j++;
            // Both sums are 1,000,000 in total: if no new one exceeds its old one, all are equal.
            if (newSums[i] > (j < oldIds.length ? oldSums[j] : 0)) revert DatanetWeightChanged(newIds[i]);
        }
    }

    /// The distinct datanets in order of appearance, and the sum of the weights of each.
    function _weightsByDatanet(
        Influence[] memory influences
    ) private pure returns (uint256[] memory datanetIds, uint256[] memory sums) {
        datanetIds = new uint256[](influences.length);
        sums = new uint256[](influences.length);
        uint256 count = 0;
        for (uint256 i = 0; i < influences.length; i++) {
            uint256 j = 0;
            while (j < count && datanetIds[j] != influences[i].datanetId) j++;
            if (j == count) datanetIds[count++] = influences[i].datanetId;
            sums[j] += influences[i].weightPpm;
        }
        assembly ("memory-safe") {
            mstore(datanetIds, count)
            mstore(sums, count)
        }
    }

    function _rootOf(bytes32[] memory leaves) private pure returns (bytes32) {
        uint256 count = leaves.length;
        if (count == 0) revert NoLeaves();
        while (count > 1) {
            uint256 next = 0;
            for (uint256 i = 0; i < count; i += 2) {
                leaves[next++] = i + 1 < count ? Hashes.commutativeKeccak256(leaves[i], leaves[i + 1]) : leaves[i];
            }
            count = next;
        }
        return leaves[0];
    }

    function _committed(bytes32 inferenceId) private view returns (Attribution storage attribution) {
        attribution = attributions[inferenceId];
        if (attribution.leafCount == 0) revert NotCommitted(inferenceId);
    }
}
