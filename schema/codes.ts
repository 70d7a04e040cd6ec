/**
 * The protocol's codes (protocol/README.md, "Codes") and the names the API gives them. Codes are stored as they came;
 * a code that isn't listed reads as UNKNOWN and never stops anything.
 */
export const UNKNOWN = 'UNKNOWN';

/** The names of one field's codes, by code. A hole is a code without a name of its own. */
export type Codes<Name extends string> = readonly (Name | undefined)[];

export const dataTypes = ['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'OTHER'] as const;
export const datanetStatuses = ['ACTIVE', 'PAUSED', 'CLOSED'] as const;
/** PENDING is no code but the absence of a decision, so a decided code 0 is UNKNOWN. */
export const contributionStatuses = [undefined, 'ACCEPTED', 'REJECTED', 'SLASHED'] as const;
export const relations = ['DUPLICATE', 'SUPERSEDES', 'DERIVED'] as const;
export const attributionMethods = ['INFLUENCE_FUNCTION', 'SUFFIX_MATCH', 'RAG_CITATION'] as const;
export const roles = ['CONTRIBUTOR', 'MODEL_BUILDER', 'STAKER', 'PLATFORM', 'CURATOR', 'ADAPTER_BUILDER'] as const;
export const fundingSources = ['FEE', 'EMISSION', 'GRANT', 'SLASH'] as const;
export const poolKinds = ['DATANET', 'MODEL', 'PLATFORM', 'STAKING'] as const;
/** Of `account_role`; 5 is held free (a builder of adapters is a BUILDER). */
export const accountRoles = [
  'OWNER',
  'CURATOR',
  'CONTRIBUTOR',
  'BUILDER',
  'USER',
  undefined,
  'STAKER',
  'VOTER',
  'BENEFICIARY',
] as const;

/** The name of a code, UNKNOWN for one that has none. */
export function nameOf<Name extends string>(codes: Codes<Name>, code: number): Name | typeof UNKNOWN {
  return codes[code] ?? UNKNOWN;
}

/** The code of a name; undefined for UNKNOWN, which is every code that `knownCodes` lacks. */
export function codeOf<Name extends string>(codes: Codes<Name>, name: Name | typeof UNKNOWN): number | undefined {
  const code = codes.indexOf(name as Name);
  return code < 0 ? undefined : code;
}

export function knownCodes(codes: Codes<string>): number[] {
  return codes.flatMap((name, code) => (name === undefined ? [] : [code]));
}
