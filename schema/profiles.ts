import openledgerPublic from './profiles/openledger-public.json';
import openledgerReference from './profiles/openledger-reference.json';

/** The events of one kind of contract, as data: a contract of another deployment is a file in profiles/, no code. */
export interface Profile {
  profile: string;
  version: number;
  /** Contract name (the Solidity interface's without its leading I) to human-readable event signatures. */
  contracts: Record<string, readonly string[]>;
}

const all: readonly Profile[] = [openledgerReference, openledgerPublic];

export const profiles: Readonly<Record<string, Profile>> = Object.fromEntries(all.map((p) => [p.profile, p]));
