// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Emits any log, well-formed or not, from its own address. For tests alone: it stands in for contracts whose events
/// nothing here emits, and for the hostile ones.
contract Emitter {
    struct Entry {
        bytes32[] topics;
        bytes data;
    }

    error TooManyTopics(uint256 given);

    function emitLog(bytes32[] calldata topics, bytes calldata data) external {
        _emit(topics, data);
    }

    /// All logs in one transaction, in order.
    function emitMany(Entry[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; i++) _emit(logs[i].topics, logs[i].data);
    }

    function _emit(bytes32[] calldata topics, bytes calldata data) private {
        uint256 count = topics.length;
        if (count > 4) revert TooManyTopics(count);
        bytes memory copy = data;
        assembly ("memory-safe") {
            let start := add(copy, 0x20)
            let size := mload(copy)
            let first := topics.offset
            switch count
            case 0 { log0(start, size) }
            case 1 { log1(start, size, calldataload(first)) }
            case 2 { log2(start, size, calldataload(first), calldataload(add(first, 0x20))) }
            case 3 {
                log3(start, size, calldataload(first), calldataload(add(first, 0x20)), calldataload(add(first, 0x40)))
            }
            default {
                log4(
                    start,
                    size,
                    calldataload(first),
                    calldataload(add(first, 0x20)),
                    calldataload(add(first, 0x40)),
                    calldataload(add(first, 0x60))
                )
            }
        }
    }
}
