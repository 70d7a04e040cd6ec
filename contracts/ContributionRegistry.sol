// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {
    ACCEPTED,
    PENDING,
    POOL_DATANET,
    PPM,
    REJECTED,
    RELATION_DERIVED,
    RELATION_DUPLICATE,
    ROLE_CONTRIBUTOR,
    ROLE_CURATOR,
    SLASHED
} from "./Codes.sol";
import {DatanetRegistry} from "./DatanetRegistry.sol";
import {IContributionRegistry} from "./interfaces/OpenLedgerReference.sol";
import {Money} from "./Money.sol";
import {RiskLedger} from "./RiskLedger.sol";
import {ARBITER, Guarded, Roles} from "./Roles.sol";

/// Contributions: submitted with a bond, scored by the datanet's curators, decided by their weighted mean, disputed.
///
///   PENDING --finalize--> ACCEPTED --dispute upheld--> SLASHED
///      |                      '------condemn---------> SLASHED
///      |--finalize--> REJECTED
///      '--condemn---> SLASHED
///
/// The bond of an accepted contribution stays until the time for disputes is over; that of a rejected one is free.
contract ContributionRegistry is IContributionRegistry, Guarded {
    struct Contribution {
        address contributor;
        uint8 status;
        uint64 finalizedAt;
        bool disputed;
        uint256 datanetId;
        bytes32 contentHash;
        uint32 round;
        uint256 weightSum;
        uint256 weightedScore;
    }

    struct Dispute {
        address challenger;
        bool resolved;
        uint256 contributionId;
    }

    uint32 public constant ACCEPT_PPM = 500_000;
    /// From this reputation in a datanet on, contributions to it need no bond.
    int256 public constant TRUSTED_SCORE = 500;

    /// Reason codes of decisions.
    uint8 public constant REASON_SCORE = 0;
    uint8 public constant REASON_DUPLICATE = 1;

    DatanetRegistry public immutable datanets;
    RiskLedger public immutable risk;
    uint256 public immutable minBond;
    uint64 public immutable disputeSeconds;

    uint256 public contributionCount;
    uint256 public disputeCount;
    mapping(uint256 contributionId => Contribution) public contributions;
    mapping(uint256 disputeId => Dispute) public disputes;
    mapping(uint256 contributionId => mapping(uint32 round => mapping(address curator => bool))) public hasScored;
    /// The first contribution of a content to a datanet (zero: none), and whether the content is accepted there.
    mapping(uint256 datanetId => mapping(bytes32 contentHash => uint256)) public firstOf;
    mapping(uint256 datanetId => mapping(bytes32 contentHash => uint256)) public acceptedOf;

    error DatanetNotActive(uint256 datanetId);
    error BondTooSmall(uint256 asked, uint256 needed);
    error NothingSubmitted();
    error NotCurator(uint256 datanetId, address account);
    error OwnContribution(uint256 contributionId);
    error AlreadyScored(uint256 contributionId, uint32 round);
    error BadRound(uint32 given, uint32 current);
    error BadScore(uint32 scorePpm);
    error WrongStatus(uint256 contributionId, uint8 status);
    error NotScored(uint256 contributionId);
    error NotContributor(uint256 contributionId, address account);
    error BadRelation(uint8 relation);
    error Disputed(uint256 contributionId);
    error DisputesClosed(uint256 contributionId);
    error DisputesOpen(uint256 contributionId);
    error AlreadyResolved(uint256 disputeId);
    error LengthsDiffer();

    constructor(
        Roles roles_,
        DatanetRegistry datanets_,
        RiskLedger risk_,
        uint256 minBond_,
        uint64 disputeSeconds_
    ) Guarded(roles_) {
        datanets = datanets_;
        risk = risk_;
        minBond = minBond_;
        disputeSeconds = disputeSeconds_;
    }

    function submit(
        uint256 datanetId,
        bytes32 contentHash,
        uint64 sizeBytes,
        bytes32 licenseId,
        uint256 bond,
        string calldata uri
    ) external payable returns (uint256 contributionId) {
        _checkSubmission(datanetId, bond, bond);
        contributionId = _create(datanetId, contentHash);
        emit ContributionSubmitted(contributionId, datanetId, msg.sender, contentHash, sizeBytes, licenseId, bond, uri);
        _settleSubmission(contributionId, datanetId, contentHash, bond);
    }

    /// Contributions firstContributionId, firstContributionId + 1, … of the caller, each with the same bond.
    function submitBatch(
        uint256 datanetId,
        bytes32[] calldata contentHashes,
        uint256 bondEach
    ) external payable returns (uint256 firstContributionId) {
        if (contentHashes.length == 0) revert NothingSubmitted();
        _checkSubmission(datanetId, bondEach, bondEach * contentHashes.length);
        firstContributionId = contributionCount + 1;
        emit ContributionBatchSubmitted(datanetId, msg.sender, firstContributionId, contentHashes, bondEach);
        for (uint256 i = 0; i < contentHashes.length; i++) {
            uint256 contributionId = _create(datanetId, contentHashes[i]);
            _settleSubmission(contributionId, datanetId, contentHashes[i], bondEach);
        }
    }

    /// A curator scores contributions of others, once in a round. The first score of the next round sets aside those of
    /// the round before.
    function score(
        uint256[] calldata contributionIds,
        uint32 round,
        uint32[] calldata scoresPpm,
        bytes32 evidenceHash
    ) external {
        if (contributionIds.length != scoresPpm.length) revert LengthsDiffer();
        for (uint256 i = 0; i < contributionIds.length; i++) _score(contributionIds[i], round, scoresPpm[i], evidenceHash);
    }

    /// A curator closes the scoring. The decision is not the curator's: it is the weighted mean of the scores, and that
    /// a content is accepted only once in a datanet.
    function finalize(uint256[] calldata contributionIds) external {
        for (uint256 i = 0; i < contributionIds.length; i++) _finalize(contributionIds[i]);
    }

    /// The contributor declares what the contribution supersedes or derives from; a curator, of what it is a duplicate.
    function link(uint256 contributionId, uint256 otherId, uint8 relation) external {
        Contribution storage contribution = contributions[contributionId];
        if (contributions[otherId].contributor == address(0) || relation > RELATION_DERIVED) revert BadRelation(relation);
        if (relation == RELATION_DUPLICATE) _requireCurator(contribution.datanetId);
        else if (contribution.contributor != msg.sender) revert NotContributor(contributionId, msg.sender);
        emit ContributionLinked(contributionId, otherId, relation);
    }

    /// The arbiter decides against a contribution without a dispute, for a reason of its own; its bond goes to the
    /// datanet's pool.
    function condemn(uint256 contributionId, uint8 reason) external only(ARBITER) {
        Contribution storage contribution = contributions[contributionId];
        uint8 status = contribution.status;
        if (contribution.contributor == address(0) || status > ACCEPTED) revert WrongStatus(contributionId, status);
        if (contribution.disputed) revert Disputed(contributionId);
        _leave(contribution, contributionId);
        contribution.finalizedAt = uint64(block.timestamp);
        emit ContributionFinalized(contributionId, SLASHED, 0, _mean(contribution), reason);
        bytes32 ref = bytes32(contributionId);
        risk.slashToPool(contribution.contributor, ROLE_CONTRIBUTOR, ref, POOL_DATANET, contribution.datanetId);
        risk.changeReputation(contribution.contributor, contribution.datanetId, ref, -200);
    }

    /// Anyone but the contributor may dispute an accepted contribution in time, with a bond of `minBond` (kept under role
    /// CURATOR: whoever disputes does a curator's work).
    function openDispute(uint256 contributionId) external payable returns (uint256 disputeId) {
        Contribution storage contribution = contributions[contributionId];
        if (contribution.status != ACCEPTED) revert WrongStatus(contributionId, contribution.status);
        if (contribution.contributor == msg.sender) revert OwnContribution(contributionId);
        if (contribution.disputed) revert Disputed(contributionId);
        if (block.timestamp > contribution.finalizedAt + disputeSeconds) revert DisputesClosed(contributionId);
        contribution.disputed = true;
        disputeId = ++disputeCount;
        disputes[disputeId] = Dispute(msg.sender, false, contributionId);
        emit DisputeOpened(disputeId, contributionId, msg.sender, minBond);
        risk.escrow{value: msg.value}(msg.sender, ROLE_CURATOR, _disputeRef(disputeId), minBond);
    }

    /// Upheld: the contributor's bond goes to the challenger, whose own comes back. Else the challenger's bond goes to the
    /// contributor. `slashed` of the event is what moved, either way.
    function resolveDispute(uint256 disputeId, bool upheld) external only(ARBITER) {
        Dispute storage dispute = disputes[disputeId];
        if (dispute.challenger == address(0) || dispute.resolved) revert AlreadyResolved(disputeId);
        dispute.resolved = true;
        uint256 contributionId = dispute.contributionId;
        Contribution storage contribution = contributions[contributionId];
        contribution.disputed = false;
        address contributor = contribution.contributor;
        bytes32 ref = bytes32(contributionId);
        if (upheld) {
            _leave(contribution, contributionId);
            uint256 slashed = risk.slash(contributor, ROLE_CONTRIBUTOR, ref, dispute.challenger);
            risk.release(dispute.challenger, ROLE_CURATOR, _disputeRef(disputeId));
            emit DisputeResolved(disputeId, true, slashed, dispute.challenger);
            risk.changeReputation(contributor, contribution.datanetId, ref, -150);
        } else {
            uint256 slashed = risk.slash(dispute.challenger, ROLE_CURATOR, _disputeRef(disputeId), contributor);
            emit DisputeResolved(disputeId, false, slashed, contributor);
            risk.changeReputation(dispute.challenger, contribution.datanetId, ref, -50);
        }
    }

    /// Gives back the bonds of rejected contributions, and of accepted ones whose time for disputes is over. Anyone may
    /// call; the bonds go to the contributors. (A decision pays nobody itself: a contributor that refuses payment could
    /// keep a curator from deciding.)
    function releaseBonds(uint256[] calldata contributionIds) external {
        for (uint256 i = 0; i < contributionIds.length; i++) {
            uint256 contributionId = contributionIds[i];
            Contribution storage contribution = contributions[contributionId];
            uint8 status = contribution.status;
            if (status != ACCEPTED && status != REJECTED) revert WrongStatus(contributionId, status);
            bool closed = !contribution.disputed && block.timestamp > contribution.finalizedAt + disputeSeconds;
            if (status == ACCEPTED && !closed) revert DisputesOpen(contributionId);
            risk.release(contribution.contributor, ROLE_CONTRIBUTOR, bytes32(contributionId));
        }
    }

    function isAccepted(uint256 contributionId) external view returns (bool) {
        return contributions[contributionId].status == ACCEPTED;
    }

    /// What an attribution needs to know of a contribution.
    function origin(uint256 contributionId) external view returns (uint256 datanetId, address contributor, bool accepted) {
        Contribution storage contribution = contributions[contributionId];
        return (contribution.datanetId, contribution.contributor, contribution.status == ACCEPTED);
    }

    function _checkSubmission(uint256 datanetId, uint256 bondEach, uint256 total) private {
        if (!datanets.isActive(datanetId)) revert DatanetNotActive(datanetId);
        bool trusted = risk.reputation(msg.sender, datanetId) >= TRUSTED_SCORE;
        if (bondEach < minBond && !trusted) revert BondTooSmall(bondEach, minBond);
        uint256 expected = risk.bondToken() == address(0) ? total : 0;
        if (msg.value != expected) revert Money.WrongValue(expected, msg.value);
    }

    function _create(uint256 datanetId, bytes32 contentHash) private returns (uint256 contributionId) {
        contributionId = ++contributionCount;
        Contribution storage contribution = contributions[contributionId];
        contribution.contributor = msg.sender;
        contribution.datanetId = datanetId;
        contribution.contentHash = contentHash;
    }

    function _settleSubmission(uint256 contributionId, uint256 datanetId, bytes32 contentHash, uint256 bond) private {
        uint256 first = firstOf[datanetId][contentHash];
        if (first == 0) firstOf[datanetId][contentHash] = contributionId;
        else emit ContributionLinked(contributionId, first, RELATION_DUPLICATE);
        if (bond == 0) return;
        uint256 value = risk.bondToken() == address(0) ? bond : 0;
        risk.escrow{value: value}(msg.sender, ROLE_CONTRIBUTOR, bytes32(contributionId), bond);
    }

    function _score(uint256 contributionId, uint32 round, uint32 scorePpm, bytes32 evidenceHash) private {
        Contribution storage contribution = contributions[contributionId];
        uint96 weight = datanets.curatorWeight(contribution.datanetId, msg.sender);
        if (weight == 0) revert NotCurator(contribution.datanetId, msg.sender);
        if (contribution.contributor == msg.sender) revert OwnContribution(contributionId);
        if (contribution.status != PENDING) revert WrongStatus(contributionId, contribution.status);
        if (scorePpm > PPM) revert BadScore(scorePpm);
        uint32 current = contribution.round;
        if (round == current + 1) {
            contribution.round = round;
            contribution.weightSum = 0;
            contribution.weightedScore = 0;
        } else if (round != current || round == 0) revert BadRound(round, current);
        if (hasScored[contributionId][round][msg.sender]) revert AlreadyScored(contributionId, round);
        hasScored[contributionId][round][msg.sender] = true;
        contribution.weightSum += weight;
        contribution.weightedScore += uint256(weight) * scorePpm;
        emit ContributionScored(contributionId, msg.sender, round, scorePpm, evidenceHash);
    }

    function _finalize(uint256 contributionId) private {
        Contribution storage contribution = contributions[contributionId];
        uint256 datanetId = contribution.datanetId;
        _requireCurator(datanetId);
        if (contribution.status != PENDING) revert WrongStatus(contributionId, contribution.status);
        if (contribution.weightSum == 0) revert NotScored(contributionId);
        uint32 mean = _mean(contribution);
        bool duplicate = acceptedOf[datanetId][contribution.contentHash] != 0;
        bytes32 ref = bytes32(contributionId);
        contribution.finalizedAt = uint64(block.timestamp);
        if (mean >= ACCEPT_PPM && !duplicate) {
            contribution.status = ACCEPTED;
            acceptedOf[datanetId][contribution.contentHash] = contributionId;
            // It will be part of the version that the datanet publishes next.
            uint64 version = datanets.latestVersion(datanetId) + 1;
            emit ContributionFinalized(contributionId, ACCEPTED, version, mean, REASON_SCORE);
            risk.changeReputation(contribution.contributor, datanetId, ref, int256(uint256(mean)) / 50_000);
        } else {
            contribution.status = REJECTED;
            emit ContributionFinalized(contributionId, REJECTED, 0, mean, duplicate ? REASON_DUPLICATE : REASON_SCORE);
            risk.changeReputation(contribution.contributor, datanetId, ref, -10);
        }
    }

    /// A contribution that is slashed no longer keeps others from bringing its content.
    function _leave(Contribution storage contribution, uint256 contributionId) private {
        contribution.status = SLASHED;
        if (acceptedOf[contribution.datanetId][contribution.contentHash] == contributionId) {
            acceptedOf[contribution.datanetId][contribution.contentHash] = 0;
        }
    }

    function _requireCurator(uint256 datanetId) private view {
        if (!datanets.isCurator(datanetId, msg.sender)) revert NotCurator(datanetId, msg.sender);
    }

    function _mean(Contribution storage contribution) private view returns (uint32) {
        if (contribution.weightSum == 0) return 0;
        return uint32(contribution.weightedScore / contribution.weightSum);
    }

    /// Never the reference of a contribution: those count up from 1.
    function _disputeRef(uint256 disputeId) private pure returns (bytes32) {
        return keccak256(abi.encode("dispute", disputeId));
    }
}
