import blocks from './realBlocks.json';

type Json = Record<string, unknown>;

/** A block of a public chain, as its nodes answer it: what holds there must hold for us. */
export interface RealBlock {
  of: string;
  block?: Json;
  receipts?: Json[];
  receiptsRoot: string;
}

export const realBlocks: RealBlock[] = (
  blocks as { of: string; block?: Json; receipts?: Json[]; receiptsRoot?: string }[]
).map((real) => ({ ...real, receiptsRoot: real.receiptsRoot ?? String(real.block?.['receiptsRoot']) }));
