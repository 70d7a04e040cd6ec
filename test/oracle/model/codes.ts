/** The code tables of the protocol, in code order. Codes beyond a table read as UNKNOWN. */
export const DATA_TYPES = ['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'OTHER'];
export const DATANET_STATUSES = ['ACTIVE', 'PAUSED', 'CLOSED'];
/** Code 0 is no decision's code: PENDING is the absence of one. */
export const DECISIONS = ['UNKNOWN', 'ACCEPTED', 'REJECTED', 'SLASHED'];
export const RELATIONS = ['DUPLICATE', 'SUPERSEDES', 'DERIVED'];
export const METHODS = ['INFLUENCE_FUNCTION', 'SUFFIX_MATCH', 'RAG_CITATION'];
export const ROLES = ['CONTRIBUTOR', 'MODEL_BUILDER', 'STAKER', 'PLATFORM', 'CURATOR', 'ADAPTER_BUILDER'];
export const SOURCES = ['FEE', 'EMISSION', 'GRANT', 'SLASH'];
export const POOL_KINDS = ['DATANET', 'MODEL', 'PLATFORM', 'STAKING'];

export function nameOfCode(table: string[], code: bigint): string {
  return table[Number(code)] ?? 'UNKNOWN';
}
