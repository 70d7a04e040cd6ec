// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// OpenZeppelin's Governor over gOPEN. Its settings are constants and its timelock is built in, so that it emits the
/// published events and no others. Times are seconds, because gOPEN's clock is a timestamp.
contract OpenGovernor is Governor, GovernorCountingSimple, GovernorVotes {
    uint48 public immutable queueSeconds;
    uint256 private immutable _votingDelay;
    uint256 private immutable _votingPeriod;
    uint256 private immutable _threshold;
    uint256 private immutable _quorum;

    error TooEarly(uint256 proposalId, uint256 etaSeconds);

    constructor(
        IVotes votes,
        uint256 votingDelay_,
        uint256 votingPeriod_,
        uint48 queueSeconds_,
        uint256 threshold_,
        uint256 quorum_
    ) Governor("OpenGovernor") GovernorVotes(votes) {
        _votingDelay = votingDelay_;
        _votingPeriod = votingPeriod_;
        queueSeconds = queueSeconds_;
        _threshold = threshold_;
        _quorum = quorum_;
    }

    function votingDelay() public view override returns (uint256) {
        return _votingDelay;
    }

    function votingPeriod() public view override returns (uint256) {
        return _votingPeriod;
    }

    function proposalThreshold() public view override returns (uint256) {
        return _threshold;
    }

    function quorum(uint256) public view override returns (uint256) {
        return _quorum;
    }

    function proposalNeedsQueuing(uint256) public pure override returns (bool) {
        return true;
    }

    function _queueOperations(
        uint256,
        address[] memory,
        uint256[] memory,
        bytes[] memory,
        bytes32
    ) internal view override returns (uint48) {
        return uint48(block.timestamp) + queueSeconds;
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override {
        uint256 eta = proposalEta(proposalId);
        if (block.timestamp < eta) revert TooEarly(proposalId, eta);
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }
}
