import { Interface, isError, JsonRpcProvider, type Log } from 'ethers';
import { artifactOf, CONTRACT_NAMES, type ContractName, contractAt } from '../../contracts/artifacts';
import { type Addresses, type DeployOptions, deploy } from '../../contracts/deploy';
import { startAnvil } from '../chain/anvil';

export const OPEN = 10n ** 18n;
export const DAY = 86_400;
/** 2025-10-09 08:53:20 UTC: an epoch is a day of UTC, and none ends in the middle of a test. */
const MORNING = 1_760_000_000;
export const ZERO_HASH = `0x${'0'.repeat(64)}`;
export const NATIVE = `0x${'0'.repeat(40)}`;

/** A number as bytes32. */
export const word = (n: bigint | number) => `0x${BigInt(n).toString(16).padStart(64, '0')}`;

export interface SeenEvent {
  contract: ContractName;
  name: string;
  args: Decoded;
}

/** Arguments of an event by name; a wrong name reads as undefined and fails the expectation. */
export type Decoded = Record<string, unknown>;

const PEOPLE = ['deployer', 'arbiter', 'settler', 'attributor', 'treasurer', 'epochSettler', 'treasury'] as const;
const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'] as const;
export type Person = (typeof PEOPLE)[number] | (typeof USERS)[number];

export interface World {
  provider: JsonRpcProvider;
  addresses: Addresses;
  account: Record<Person, string>;
  /** Every event of our contracts so far, decoded. */
  seen: SeenEvent[];
  /** Calls as a person, with native wei if given, and returns the events; throws when it reverts. */
  send(person: Person, contract: ContractName, method: string, args?: unknown[], value?: bigint): Promise<SeenEvent[]>;
  /** The name of the custom error that such a call reverts with; `done` if it doesn't. */
  attempt(person: Person, contract: ContractName, method: string, args?: unknown[], value?: bigint): Promise<string>;
  read<T>(contract: ContractName, method: string, ...args: unknown[]): Promise<T>;
  /** Of a token (native: the zero address). */
  balance(address: string, token?: string): Promise<bigint>;
  now(): Promise<number>;
  skip(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** The reference contracts on a chain of their own, with an officer for every role and eight people. */
export async function startWorld(options: Partial<DeployOptions> = {}): Promise<World> {
  const chain = await startAnvil({ accounts: PEOPLE.length + USERS.length, timestamp: MORNING });
  const provider = new JsonRpcProvider(chain.url, 31337, { staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 20;
  const listed = (await provider.listAccounts()).map((signer) => signer.address);
  const account = Object.fromEntries(
    [...PEOPLE, ...USERS].map((person, i) => [person, listed[i]!]),
  ) as World['account'];
  const addresses = await deploy(await provider.getSigner(account.deployer), { officers: account, ...options });
  const names = new Map<string, ContractName>(CONTRACT_NAMES.map((name) => [addresses[name].toLowerCase(), name]));
  const interfaces = new Map<ContractName, Interface>(
    CONTRACT_NAMES.map((name) => [name, new Interface(artifactOf(name).abi)]),
  );
  const seen: SeenEvent[] = [];
  const decode = (log: Log): SeenEvent => {
    const contract = names.get(log.address.toLowerCase())!;
    const parsed = interfaces.get(contract)!.parseLog(log)!;
    return { contract, name: parsed.name, args: parsed.args.toObject() };
  };
  const world: World = {
    provider,
    addresses,
    account,
    seen,
    async send(person, contract, method, args = [], value = 0n) {
      const signer = await provider.getSigner(account[person]);
      const response = await contractAt(contract, addresses[contract], signer)
        .getFunction(method)
        .send(...args, { value });
      const receipt = await response.wait();
      const events = receipt!.logs.map(decode);
      seen.push(...events);
      return events;
    },
    async attempt(person, contract, method, args = [], value = 0n) {
      try {
        await world.send(person, contract, method, args, value);
        return 'done';
      } catch (error) {
        if (!isError(error, 'CALL_EXCEPTION')) throw error;
        if (error.revert) return error.revert.name;
        // An error of a contract further down the call is not in the ABI of the one that was called.
        for (const parser of interfaces.values()) {
          const parsed = error.data ? parser.parseError(error.data) : null;
          if (parsed) return parsed.name;
        }
        throw error;
      }
    },
    read(contract, method, ...args) {
      return contractAt(contract, addresses[contract], provider)
        .getFunction(method)
        .staticCall(...args);
    },
    async balance(address, token = NATIVE) {
      if (token === NATIVE) return provider.getBalance(address);
      return contractAt('OpenToken', token, provider).getFunction('balanceOf').staticCall(address);
    },
    async now() {
      return (await provider.getBlock('latest'))!.timestamp;
    },
    async skip(seconds) {
      await provider.send('evm_increaseTime', [seconds]);
      await provider.send('evm_mine', []);
    },
    async close() {
      provider.destroy();
      await chain.close();
    },
  };
  return world;
}

/** The arguments of the events of a name, in order. */
export function named(events: readonly SeenEvent[], name: string): Decoded[] {
  return events.filter((event) => event.name === name).map((event) => event.args);
}
