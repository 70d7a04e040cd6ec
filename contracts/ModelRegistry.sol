// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {PPM} from "./Codes.sol";
import {DatanetRegistry} from "./DatanetRegistry.sol";
import {InferenceLedger} from "./InferenceLedger.sol";
import {IModelRegistry} from "./interfaces/OpenLedgerReference.sol";

/// Models, what they were trained on, their versions, adapters and prices, and what users think of their answers.
/// Anyone may register a model; everything else about it is its builder's. Anyone may build an adapter.
contract ModelRegistry is IModelRegistry {
    struct Price {
        bool set;
        uint256 per1kIn;
        uint256 per1kOut;
        uint256 platformFee;
    }

    DatanetRegistry public immutable datanets;
    InferenceLedger public immutable inferences;

    uint256 public modelCount;
    uint256 public adapterCount;
    mapping(uint256 modelId => address) public builderOf;
    mapping(uint256 modelId => uint32) public latestVersion;
    mapping(bytes32 runId => uint256) public modelOfRun;
    mapping(uint256 adapterId => uint256) public modelOfAdapter;
    mapping(uint256 modelId => mapping(address account => bool)) public buildsAdapterOf;
    mapping(uint256 modelId => mapping(address token => Price)) public prices;
    mapping(bytes32 inferenceId => bool) public isRated;

    error NotBuilder(uint256 modelId, address account);
    error NoSuchModel(uint256 modelId);
    error NoSuchVersion(uint256 modelId, uint32 version);
    error NoSuchDatanetVersion(uint256 datanetId, uint64 version);
    error BadRun(bytes32 runId);
    error BadWeights(uint256 sumPpm);
    error NoPrice(uint256 modelId, address token);
    error NotUser(bytes32 inferenceId, address account);
    error AlreadyRated(bytes32 inferenceId);
    error BadRating(int8 rating);

    constructor(DatanetRegistry datanets_, InferenceLedger inferences_) {
        datanets = datanets_;
        inferences = inferences_;
    }

    modifier onlyBuilder(uint256 modelId) {
        if (builderOf[modelId] != msg.sender) revert NotBuilder(modelId, msg.sender);
        _;
    }

    /// `parentModelId` zero: a base model.
    function registerModel(
        uint256 parentModelId,
        bytes32 metadataHash,
        string calldata metadataURI
    ) external returns (uint256 modelId) {
        if (parentModelId != 0 && !exists(parentModelId)) revert NoSuchModel(parentModelId);
        modelId = ++modelCount;
        builderOf[modelId] = msg.sender;
        emit ModelRegistered(modelId, msg.sender, parentModelId, metadataHash, metadataURI);
    }

    /// The inputs are published datanet versions, and their weights sum to 1,000,000 ppm.
    function recordTrainingRun(
        bytes32 runId,
        uint256 modelId,
        bytes32 configHash,
        bytes32 evalHash,
        TrainingInput[] calldata inputs
    ) external onlyBuilder(modelId) {
        if (runId == bytes32(0) || modelOfRun[runId] != 0) revert BadRun(runId);
        uint256 sumPpm;
        for (uint256 i = 0; i < inputs.length; i++) {
            TrainingInput calldata input = inputs[i];
            if (input.datanetVersion == 0 || input.datanetVersion > datanets.latestVersion(input.datanetId)) {
                revert NoSuchDatanetVersion(input.datanetId, input.datanetVersion);
            }
            sumPpm += input.weightPpm;
        }
        if (sumPpm != PPM) revert BadWeights(sumPpm);
        modelOfRun[runId] = modelId;
        emit TrainingRunRecorded(runId, modelId, msg.sender, configHash, evalHash, inputs);
    }

    /// Versions count from 1. `runId` zero: not from a recorded run.
    function publishVersion(
        uint256 modelId,
        bytes32 runId,
        bytes32 weightsHash,
        uint8 attributionMethod
    ) external onlyBuilder(modelId) returns (uint32 version) {
        if (runId != bytes32(0) && modelOfRun[runId] != modelId) revert BadRun(runId);
        version = ++latestVersion[modelId];
        emit ModelVersionPublished(modelId, version, runId, weightsHash, attributionMethod);
    }

    function registerAdapter(
        uint256 modelId,
        uint32 baseVersion,
        bytes32 runId,
        bytes32 adapterHash
    ) external returns (uint256 adapterId) {
        if (!hasVersion(modelId, baseVersion)) revert NoSuchVersion(modelId, baseVersion);
        if (runId != bytes32(0) && modelOfRun[runId] != modelId) revert BadRun(runId);
        adapterId = ++adapterCount;
        modelOfAdapter[adapterId] = modelId;
        buildsAdapterOf[modelId][msg.sender] = true;
        emit AdapterRegistered(adapterId, modelId, msg.sender, baseVersion, runId, adapterHash);
    }

    /// In units of `token` (zero: native): for 1,000 tokens in, for 1,000 tokens out, and for each inference.
    function setPrice(
        uint256 modelId,
        address token,
        uint256 per1kIn,
        uint256 per1kOut,
        uint256 platformFee
    ) external onlyBuilder(modelId) {
        prices[modelId][token] = Price(true, per1kIn, per1kOut, platformFee);
        emit PriceSet(modelId, token, per1kIn, per1kOut, platformFee);
    }

    /// The user of an inference rates it once, from -5 to 5.
    function recordFeedback(bytes32 inferenceId, int8 rating, bytes32 feedbackHash) external {
        (uint256 modelId, address user) = inferences.subjectOf(inferenceId);
        if (user != msg.sender) revert NotUser(inferenceId, msg.sender);
        if (isRated[inferenceId]) revert AlreadyRated(inferenceId);
        if (rating < -5 || rating > 5) revert BadRating(rating);
        isRated[inferenceId] = true;
        emit FeedbackRecorded(inferenceId, modelId, msg.sender, rating, feedbackHash);
    }

    /// The fee of an inference. Fractions of a unit are the user's gain.
    function quote(uint256 modelId, address token, uint64 tokensIn, uint64 tokensOut) external view returns (uint256) {
        Price storage price = prices[modelId][token];
        if (!price.set) revert NoPrice(modelId, token);
        return (price.per1kIn * tokensIn + price.per1kOut * tokensOut) / 1000 + price.platformFee;
    }

    function exists(uint256 modelId) public view returns (bool) {
        return builderOf[modelId] != address(0);
    }

    function hasVersion(uint256 modelId, uint32 version) public view returns (bool) {
        return version > 0 && version <= latestVersion[modelId];
    }
}
