import { isError } from 'ethers';

/**
 * Did the contract itself fail, so that asking again is of no use? ethers calls every error that a node answers to
 * eth_call a CALL_EXCEPTION, a rate limit too, so the node's own words decide.
 */
export function isContractFailure(error: unknown): boolean {
  if (!isError(error, 'CALL_EXCEPTION')) return false;
  const answered: unknown = error.info?.error;
  if (typeof answered !== 'object' || answered === null) return false;
  const { code, message } = answered as { code?: unknown; message?: unknown };
  // 3 is geth's code of a revert, which most nodes took over.
  return code === 3 || (typeof message === 'string' && failureWords.test(message));
}

const failureWords =
  /revert|out ?of ?gas|invalid (opcode|jump|code|instruction)|opcode .*not (defined|found)|bad (instruction|jump)|stack (under|over)flow|vm (exception|execution)|evm error|write protection|static ?call|return data out of bounds|intrinsic gas/i;
