// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// Who may do what, for all contracts of the loop. It is a contract of its own so that the others emit exactly the
/// events of openledger-reference/1 and no RoleGranted.
contract Roles is AccessControl {
    constructor(address admin) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }
}

// Roles of people and of the governor.
bytes32 constant ARBITER = keccak256("ARBITER"); // resolves disputes, condemns, reverses
bytes32 constant SETTLER = keccak256("SETTLER"); // the gateway: settles and refunds inferences
bytes32 constant ATTRIBUTOR = keccak256("ATTRIBUTOR"); // commits and revises attributions
bytes32 constant TREASURER = keccak256("TREASURER"); // releases emissions
bytes32 constant EPOCH_SETTLER = keccak256("EPOCH_SETTLER"); // distributes what a pool holds when its epoch is over
bytes32 constant PARAMETERS = keccak256("PARAMETERS"); // sets how fees are split

// Roles of contracts, each for one kind of call of another contract.
bytes32 constant BOND_KEEPER = keccak256("BOND_KEEPER");
bytes32 constant FEE_FUNDER = keccak256("FEE_FUNDER");
bytes32 constant EMISSION_FUNDER = keccak256("EMISSION_FUNDER");
bytes32 constant SLASH_FUNDER = keccak256("SLASH_FUNDER");
bytes32 constant ACCRUER = keccak256("ACCRUER");
bytes32 constant CREDIT_SPENDER = keccak256("CREDIT_SPENDER");
bytes32 constant LEG_SPENDER = keccak256("LEG_SPENDER");

abstract contract Guarded {
    Roles public immutable roles;

    error NotAllowed(bytes32 role, address account);

    constructor(Roles roles_) {
        roles = roles_;
    }

    modifier only(bytes32 role) {
        _require(role);
        _;
    }

    function _require(bytes32 role) internal view {
        if (!roles.hasRole(role, msg.sender)) revert NotAllowed(role, msg.sender);
    }
}
