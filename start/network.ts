import { readFileSync } from 'node:fs';
import { AppError, messageOf } from '../schema/appError';
import { type NetworkFile, parseNetworkFile } from '../schema/networkFile';
import { profiles } from '../schema/profiles';
import type { Program } from './lifecycle';

/** @throws AppError CONFIG for a file that can't be read, isn't JSON or says something wrong. */
export function readNetworkFile(file: string): NetworkFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AppError('CONFIG', `The network file ${file} (NETWORKS) can't be read: ${messageOf(cause)}.`, { cause });
  }
  return parseNetworkFile(json, process.env, profiles);
}

export function requireNetwork({ environment }: Program): string {
  if (environment.networks) return environment.networks;
  throw new AppError('CONFIG', 'NETWORKS is not set: this part needs the path of a network file.');
}
