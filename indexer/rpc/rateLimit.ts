import { allowedBlocks } from './rangeLimits';
import type { RpcFault } from './transport';

/** Alchemy and dRPC; QuickNode and others. */
const CODES = [429, -32029, -32097];
const SAYS =
  /rate.?limit|too many requests|request limit|request count|throughput|throttl|quota|compute units|(?:requests?|calls)(?: per |\/)(?:s|m|h|d)/i;

/** Whether an error of one call means that there were too many: a smaller request would be refused as well. */
export function isRateLimit({ code, message }: RpcFault): boolean {
  return CODES.includes(code) || (SAYS.test(message) && allowedBlocks(message) === undefined);
}

/** The same of one error for a whole batch, whose size may be what there is too much of. */
export function isRateLimitOfBatch(fault: RpcFault): boolean {
  return isRateLimit(fault) && !/batch/i.test(fault.message);
}
