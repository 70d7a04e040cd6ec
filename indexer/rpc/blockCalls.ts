import { AppError } from '../../schema/appError';
import { LogPack } from '../store/logPack';
import type { SealedHeader } from '../verify/sealedHeader';
import type { PackedLogs } from './logText';
import type { RpcAnswer, RpcCall, RpcFault } from './transport';
import { RefusedRequest } from './upstreams';
import { parseHeader } from './wire';

export function block(tag: string): RpcCall {
  return { method: 'eth_getBlockByNumber', params: [tag, false] };
}

export function blockAt(number: number): RpcCall {
  return block(toHex(number));
}

/** Undefined for one that isn't what its hash says, or that can't be read: it will be asked for. */
export function announcedHeader(said: unknown): SealedHeader | undefined {
  try {
    const header = parseHeader(said);
    return header?.standing === 'proven' ? header : undefined;
  } catch {
    return undefined;
  }
}

export function parseHeaders(
  label: string,
  numbers: readonly number[],
  answers: readonly RpcAnswer[],
): (SealedHeader | undefined)[] {
  return answers.map((answer, i) => {
    const header = parseHeader(resultOf(answer));
    if (header && header.number !== numbers[i]) {
      throw new AppError('RETRY', `${label} sent block ${header.number} for ${numbers[i]}`);
    }
    return header;
  });
}

/** Whether an endpoint refused, and no other one answered. */
export function isRefusal(error: unknown): boolean {
  const failures = error instanceof AppError && Array.isArray(error.cause) ? error.cause : [error];
  return failures.some((failure) => failure instanceof RefusedRequest);
}

export function refusedFor({ message }: RpcFault, wantsLess = false): RefusedRequest {
  return new RefusedRequest(`the node refuses: ${message}`, wantsLess);
}

/** As nodes say what they don't keep (EIP-4444, and in words of their own), and providers what only an archive has. */
export function isPruned({ code, message }: RpcFault): boolean {
  return code === 4444 || /prun|history (?:is )?(?:unavailable|not available)|archive/i.test(message);
}

export function resultOf(answer: RpcAnswer): unknown {
  if ('error' in answer) throw refusedFor(answer.error);
  return answer.result;
}

/** As `read` of the call made it, where the transport has the answer as bytes. */
export function isPacked(result: unknown): result is PackedLogs {
  return typeof result === 'object' && result !== null && 'logs' in result && result.logs instanceof LogPack;
}

export function toHex(number: number): string {
  return `0x${number.toString(16)}`;
}
