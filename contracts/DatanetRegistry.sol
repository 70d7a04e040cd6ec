// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {DATANET_ACTIVE, DATANET_CLOSED} from "./Codes.sol";
import {IDatanetRegistry} from "./interfaces/OpenLedgerReference.sol";

/// Datanets, their owners, curators and published versions. Anyone may found one; everything else is its owner's.
contract DatanetRegistry is IDatanetRegistry {
    struct Datanet {
        address owner;
        uint8 status;
        uint64 latestVersion;
    }

    uint256 public datanetCount;
    mapping(uint256 datanetId => Datanet) public datanets;
    /// Zero: not an active curator.
    mapping(uint256 datanetId => mapping(address curator => uint96)) public curatorWeight;
    mapping(bytes32 transactionId => bool) public transactionUsed;

    error NotOwner(uint256 datanetId, address account);
    error NotCurator(uint256 datanetId, address account);
    error TransactionUsed(bytes32 transactionId);
    error BadStatus(uint8 status);
    error BadAddress();
    error CuratorWithoutWeight();

    modifier onlyOwner(uint256 datanetId) {
        if (datanets[datanetId].owner != msg.sender) revert NotOwner(datanetId, msg.sender);
        _;
    }

    /// `transactionId` is that of the creation fee where one was paid, else zero; one fee founds one datanet.
    function createDatanet(
        bytes32 transactionId,
        uint8 dataType,
        bytes32 metadataHash,
        string calldata metadataURI
    ) external returns (uint256 datanetId) {
        if (transactionId != bytes32(0)) {
            if (transactionUsed[transactionId]) revert TransactionUsed(transactionId);
            transactionUsed[transactionId] = true;
        }
        datanetId = ++datanetCount;
        datanets[datanetId].owner = msg.sender;
        emit DatanetCreated(datanetId, msg.sender, transactionId, dataType, metadataHash, metadataURI);
    }

    function updateDatanet(
        uint256 datanetId,
        uint8 status,
        bytes32 metadataHash,
        string calldata metadataURI
    ) external onlyOwner(datanetId) {
        if (status > DATANET_CLOSED) revert BadStatus(status);
        datanets[datanetId].status = status;
        emit DatanetUpdated(datanetId, status, metadataHash, metadataURI);
    }

    function transferOwnership(uint256 datanetId, address to) external onlyOwner(datanetId) {
        if (to == address(0)) revert BadAddress();
        datanets[datanetId].owner = to;
        emit DatanetOwnershipTransferred(datanetId, msg.sender, to);
    }

    /// `weight` is what the curator's scores weigh among those of the others.
    function setCurator(
        uint256 datanetId,
        address curator,
        bool active,
        uint96 weight
    ) external onlyOwner(datanetId) {
        if (curator == address(0)) revert BadAddress();
        if (active && weight == 0) revert CuratorWithoutWeight();
        curatorWeight[datanetId][curator] = active ? weight : 0;
        emit CuratorSet(datanetId, curator, active, weight);
    }

    /// The owner and the curators publish. Versions count from 1.
    function publishVersion(
        uint256 datanetId,
        bytes32 contentRoot,
        uint64 itemCount,
        bytes32 manifestHash
    ) external returns (uint64 version) {
        Datanet storage datanet = datanets[datanetId];
        if (datanet.owner != msg.sender && !isCurator(datanetId, msg.sender)) revert NotCurator(datanetId, msg.sender);
        version = ++datanet.latestVersion;
        emit DatanetVersionPublished(datanetId, version, contentRoot, itemCount, manifestHash);
    }

    function isCurator(uint256 datanetId, address account) public view returns (bool) {
        return curatorWeight[datanetId][account] > 0;
    }

    function exists(uint256 datanetId) external view returns (bool) {
        return datanets[datanetId].owner != address(0);
    }

    function isActive(uint256 datanetId) external view returns (bool) {
        Datanet storage datanet = datanets[datanetId];
        return datanet.owner != address(0) && datanet.status == DATANET_ACTIVE;
    }

    function latestVersion(uint256 datanetId) external view returns (uint64) {
        return datanets[datanetId].latestVersion;
    }
}
