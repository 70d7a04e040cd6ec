import { readFileSync } from 'node:fs';
import { AppError, messageOf } from '../schema/appError';
import { type NetworkFile, parseChainIds, parseNetworkFile } from '../schema/networkFile';
import { profiles } from '../schema/profiles';
import type { Program } from './lifecycle';

/** @throws AppError CONFIG for a file that can't be read, isn't JSON or says something wrong. */
export function readNetworkFile(file: string): NetworkFile {
  return parseNetworkFile(readJson(file), process.env, profiles);
}

/**
 * Which chains it lists, for whom reads rows alone: keys of endpoints need not be set, and the rest is not looked at.
 * @throws AppError CONFIG as readNetworkFile
 */
export function readChainIds(file: string): number[] {
  return parseChainIds(readJson(file));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AppError('CONFIG', `The network file ${file} (NETWORKS) can't be read: ${messageOf(cause)}.`, { cause });
  }
}

export function requireNetwork({ environment }: Program): string {
  if (environment.networks) return environment.networks;
  throw new AppError('CONFIG', 'NETWORKS is not set: this part needs the path of a network file.');
}
