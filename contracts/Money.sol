// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {NATIVE} from "./Codes.sol";

/// Moves native OPEN and ERC-20 tokens alike.
library Money {
    using SafeERC20 for IERC20;

    error WrongValue(uint256 expected, uint256 sent);
    error TokenKeepsAPart(address token);

    /// Takes exactly `amount` into this contract: the native token must have come with the call, an ERC-20 is pulled from
    /// `from`. A token that delivers less than it was asked for is refused: the books would promise more than there is.
    function take(address token, address from, uint256 amount) internal {
        if (token == NATIVE) {
            if (msg.value != amount) revert WrongValue(amount, msg.value);
            return;
        }
        if (msg.value != 0) revert WrongValue(0, msg.value);
        if (amount == 0) return;
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        if (IERC20(token).balanceOf(address(this)) - before != amount) revert TokenKeepsAPart(token);
    }

    function give(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (token == NATIVE) Address.sendValue(payable(to), amount);
        else IERC20(token).safeTransfer(to, amount);
    }

    /// For a callee that counts what has arrived: an ERC-20 is sent ahead, the native token is to go with the call.
    /// Returns the value to send along.
    function sendAhead(address token, address to, uint256 amount) internal returns (uint256 value) {
        if (token == NATIVE) return amount;
        IERC20(token).safeTransfer(to, amount);
    }

    function balance(address token) internal view returns (uint256) {
        return token == NATIVE ? address(this).balance : IERC20(token).balanceOf(address(this));
    }
}
