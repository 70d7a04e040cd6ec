// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {
    BPS,
    NATIVE,
    POOL_DATANET,
    POOL_MODEL,
    POOL_PLATFORM,
    POOL_STAKING,
    ROLE_MODEL_BUILDER,
    ROLE_PLATFORM,
    SOURCE_FEE
} from "./Codes.sol";
import {CreditManager} from "./CreditManager.sol";
import {IInferenceLedger} from "./interfaces/OpenLedgerReference.sol";
import {ModelRegistry} from "./ModelRegistry.sol";
import {Money} from "./Money.sol";
import {RewardLedger} from "./RewardLedger.sol";
import {Guarded, LEG_SPENDER, PARAMETERS, Roles, SETTLER} from "./Roles.sol";

/// Settles inferences: takes the fee, splits it by the parameters in force, funds the pools.
///
/// What a fee becomes: fee = refunds + platform + model + stakers + contributors, exactly. Model, stakers and
/// contributors are floor(fee * bps / 10,000); the platform leg is the rest, so the at most 3 units that rounding leaves
/// are the platform's. The contributors leg is held here until the attribution says whose it is.
contract InferenceLedger is IInferenceLedger, Guarded, ReentrancyGuardTransient {
    enum Payment {
        CREDITS, // the user's prepaid credits; native fees only
        DIRECT // native with the call, an ERC-20 from the user's allowance to this contract
    }

    struct Order {
        bytes32 inferenceId;
        uint256 modelId;
        address user;
        uint32 modelVersion;
        uint64 tokensIn;
        uint64 tokensOut;
        address feeToken;
        uint256[] adapterIds;
        bytes32 outputHash;
        Payment payment;
        bool hold; // keep the fee unsplit, refundable in full, until `split`
    }

    struct Settlement {
        address user;
        bool isSplit;
        bool isDistributed;
        uint32 params;
        uint256 modelId;
        address feeToken;
        uint256 unsplit; // the fee less refunds, until the split
        uint256 contributors; // the contributors leg less refunds
        uint256 platform;
        uint256 model;
        uint256 stakers;
    }

    struct FeeParams {
        uint16 platformBps;
        uint16 modelBps;
        uint16 stakersBps;
        uint16 contributorsBps;
        uint64 effectiveAt;
    }

    ModelRegistry public immutable models;
    CreditManager public immutable credits;
    RewardLedger public immutable rewards;
    address public immutable treasury;

    FeeParams[] public feeParams;
    mapping(bytes32 inferenceId => Settlement) public settlements;

    error BadInferenceId(bytes32 inferenceId);
    error NotSettled(bytes32 inferenceId);
    error AlreadySplit(bytes32 inferenceId);
    error AlreadyDistributed(bytes32 inferenceId);
    error NotSplit(bytes32 inferenceId);
    error NoFeeParams();
    error BadFeeParams();
    error CreditsAreNative();
    error WrongModel(uint256 modelId);
    error RefundTooLarge(uint256 asked, uint256 refundable);
    error LegNotSpent(uint256 leg, uint256 spent);
    error BadAddress();
    error OnlyCredits();

    constructor(
        Roles roles_,
        ModelRegistry models_,
        CreditManager credits_,
        RewardLedger rewards_,
        address treasury_
    ) Guarded(roles_) {
        models = models_;
        credits = credits_;
        rewards = rewards_;
        treasury = treasury_;
    }

    /// Only the OPEN of consumed credits arrives without a call.
    receive() external payable {
        if (msg.sender != address(credits)) revert OnlyCredits();
    }

    /// The four parts sum to 10,000; parameters never take effect in the past.
    function setFeeParams(FeeParams calldata params) external only(PARAMETERS) {
        uint256 sum = uint256(params.platformBps) + params.modelBps + params.stakersBps + params.contributorsBps;
        if (sum != BPS || params.effectiveAt < block.timestamp) revert BadFeeParams();
        feeParams.push(params);
        emit FeeParamsSet(
            params.platformBps,
            params.modelBps,
            params.stakersBps,
            params.contributorsBps,
            params.effectiveAt
        );
    }

    /// Settles one inference. The fee is what the model's price makes of the token counts, nobody's claim.
    function settle(Order calldata order) external payable only(SETTLER) nonReentrant {
        Settlement storage settlement = settlements[order.inferenceId];
        if (order.inferenceId == bytes32(0) || settlement.user != address(0)) revert BadInferenceId(order.inferenceId);
        if (order.user == address(0)) revert BadAddress();
        if (!models.hasVersion(order.modelId, order.modelVersion)) revert WrongModel(order.modelId);
        for (uint256 i = 0; i < order.adapterIds.length; i++) {
            if (models.modelOfAdapter(order.adapterIds[i]) != order.modelId) revert WrongModel(order.modelId);
        }
        uint256 fee = models.quote(order.modelId, order.feeToken, order.tokensIn, order.tokensOut);
        settlement.user = order.user;
        settlement.modelId = order.modelId;
        settlement.feeToken = order.feeToken;
        settlement.unsplit = fee;
        settlement.params = paramsInForce();
        _collect(order, fee);
        emit InferenceSettled(
            order.inferenceId,
            order.modelId,
            order.user,
            Receipt(
                order.modelVersion,
                order.tokensIn,
                order.tokensOut,
                order.feeToken,
                fee,
                order.adapterIds,
                order.outputHash
            )
        );
        if (!order.hold) _split(order.inferenceId, settlement);
    }

    /// Splits a fee that was held, by the parameters that were in force when it was settled.
    function split(bytes32 inferenceId) external only(SETTLER) nonReentrant {
        Settlement storage settlement = _settled(inferenceId);
        if (settlement.isSplit) revert AlreadySplit(inferenceId);
        _split(inferenceId, settlement);
    }

    /// Pays back what has not been handed on: the held fee; after the split, the contributors leg until it is attributed,
    /// and then the split is stated anew.
    function refund(bytes32 inferenceId, uint256 amount, uint8 reason) external only(SETTLER) nonReentrant {
        Settlement storage settlement = _settled(inferenceId);
        uint256 refundable = settlement.isDistributed
            ? 0
            : (settlement.isSplit ? settlement.contributors : settlement.unsplit);
        if (amount == 0 || amount > refundable) revert RefundTooLarge(amount, refundable);
        emit InferenceRefunded(inferenceId, amount, reason);
        if (settlement.isSplit) {
            settlement.contributors = refundable - amount;
            _emitSplit(inferenceId, settlement);
        } else settlement.unsplit = refundable - amount;
        Money.give(settlement.feeToken, settlement.user, amount);
    }

    /// Hands the contributors leg, all of it, to the pools of the datanets that the attribution names.
    function fundDatanets(
        bytes32 inferenceId,
        uint256[] calldata datanetIds,
        uint256[] calldata amounts
    ) external only(LEG_SPENDER) nonReentrant {
        Settlement storage settlement = _settled(inferenceId);
        if (!settlement.isSplit) revert NotSplit(inferenceId);
        if (settlement.isDistributed) revert AlreadyDistributed(inferenceId);
        settlement.isDistributed = true;
        uint256 spent;
        for (uint256 i = 0; i < datanetIds.length; i++) {
            spent += amounts[i];
            _fund(inferenceId, settlement, POOL_DATANET, datanetIds[i], amounts[i]);
        }
        if (spent != settlement.contributors) revert LegNotSpent(settlement.contributors, spent);
    }

    /// The index of the newest parameters that are in effect.
    function paramsInForce() public view returns (uint32) {
        for (uint256 i = feeParams.length; i > 0; i--) {
            if (feeParams[i - 1].effectiveAt <= block.timestamp) return uint32(i - 1);
        }
        revert NoFeeParams();
    }

    function subjectOf(bytes32 inferenceId) external view returns (uint256 modelId, address user) {
        Settlement storage settlement = settlements[inferenceId];
        return (settlement.modelId, settlement.user);
    }

    /// What the contributors of an inference share, and in which token.
    function contributorsLeg(bytes32 inferenceId) external view returns (address token, uint256 amount) {
        Settlement storage settlement = _settled(inferenceId);
        if (!settlement.isSplit) revert NotSplit(inferenceId);
        return (settlement.feeToken, settlement.contributors);
    }

    function _collect(Order calldata order, uint256 fee) private {
        if (order.payment == Payment.DIRECT) {
            Money.take(order.feeToken, order.user, fee);
            return;
        }
        if (order.feeToken != NATIVE) revert CreditsAreNative();
        if (msg.value != 0) revert Money.WrongValue(0, msg.value);
        if (fee > 0) emit CreditConsumed(order.user, order.inferenceId, credits.spend(order.user, fee));
    }

    function _split(bytes32 inferenceId, Settlement storage settlement) private {
        FeeParams storage params = feeParams[settlement.params];
        uint256 fee = settlement.unsplit;
        settlement.isSplit = true;
        settlement.unsplit = 0;
        // A free inference has nothing to split, and can still be attributed.
        if (fee == 0) return;
        settlement.model = (fee * params.modelBps) / BPS;
        settlement.stakers = (fee * params.stakersBps) / BPS;
        settlement.contributors = (fee * params.contributorsBps) / BPS;
        settlement.platform = fee - settlement.model - settlement.stakers - settlement.contributors;
        _emitSplit(inferenceId, settlement);
        bytes32 modelPool = _fund(inferenceId, settlement, POOL_MODEL, settlement.modelId, settlement.model);
        bytes32 platformPool = _fund(inferenceId, settlement, POOL_PLATFORM, 0, settlement.platform);
        _fund(inferenceId, settlement, POOL_STAKING, 0, settlement.stakers);
        address builder = models.builderOf(settlement.modelId);
        RewardLedger.Accrual[] memory accruals = new RewardLedger.Accrual[](2);
        accruals[0] = RewardLedger.Accrual(modelPool, builder, inferenceId, ROLE_MODEL_BUILDER, 0, settlement.model);
        accruals[1] = RewardLedger.Accrual(platformPool, treasury, inferenceId, ROLE_PLATFORM, 0, settlement.platform);
        rewards.accrue(accruals);
    }

    function _fund(
        bytes32 inferenceId,
        Settlement storage settlement,
        uint8 kind,
        uint256 subjectId,
        uint256 amount
    ) private returns (bytes32) {
        address token = settlement.feeToken;
        if (amount > 0) {
            uint256 value = Money.sendAhead(token, address(rewards), amount);
            rewards.fund{value: value}(kind, subjectId, token, SOURCE_FEE, inferenceId, settlement.user, amount);
        }
        return rewards.poolIdOf(kind, subjectId, token);
    }

    function _emitSplit(bytes32 inferenceId, Settlement storage settlement) private {
        emit FeeSplit(
            inferenceId,
            settlement.platform,
            settlement.model,
            settlement.stakers,
            settlement.contributors
        );
    }

    function _settled(bytes32 inferenceId) private view returns (Settlement storage settlement) {
        settlement = settlements[inferenceId];
        if (settlement.user == address(0)) revert NotSettled(inferenceId);
    }
}
