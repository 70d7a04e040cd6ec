// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

// The codes that the events of openledger-reference/1 carry.

uint32 constant PPM = 1_000_000;
uint16 constant BPS = 10_000;

// The zero address as a token is the chain's native token, OPEN.
address constant NATIVE = address(0);

uint8 constant DATANET_ACTIVE = 0;
uint8 constant DATANET_CLOSED = 2;

uint8 constant PENDING = 0;
uint8 constant ACCEPTED = 1;
uint8 constant REJECTED = 2;
uint8 constant SLASHED = 3;

uint8 constant RELATION_DUPLICATE = 0;
uint8 constant RELATION_DERIVED = 2;

uint8 constant ROLE_CONTRIBUTOR = 0;
uint8 constant ROLE_MODEL_BUILDER = 1;
uint8 constant ROLE_STAKER = 2;
uint8 constant ROLE_PLATFORM = 3;
uint8 constant ROLE_CURATOR = 4;
uint8 constant ROLE_ADAPTER_BUILDER = 5;

uint8 constant SOURCE_FEE = 0;
uint8 constant SOURCE_EMISSION = 1;
uint8 constant SOURCE_GRANT = 2;
uint8 constant SOURCE_SLASH = 3;

uint8 constant POOL_DATANET = 0;
uint8 constant POOL_MODEL = 1;
uint8 constant POOL_PLATFORM = 2;
uint8 constant POOL_STAKING = 3;
