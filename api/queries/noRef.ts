/** The ref of a reward or payout that is for no inference. */
export const NO_REF = Buffer.alloc(32);
