/** Of fields that mean the same wherever they stand. */
export const fieldsByName: Record<string, string> = {
  id: 'Globally unique and readable, and the path of its page in the explorer: what `node` takes.',
  chainId: 'The EIP-155 id of the chain it is on.',
  edges: 'The rows of this page, each with its cursor.',
  nodes: 'The rows of this page.',
  pageInfo: 'Whether there is more, and where to go on.',
  totalCount: 'Rows of the whole list, not of this page alone. Counted only where it is selected.',
  node: 'The row.',
  cursor: 'The place in the list: as `after` or `before` of another page.',
  field: 'What to order by.',
  direction: 'Highest first, or lowest first.',
  token: 'Id of the token that an order by money is about; amounts of different tokens have no order.',
};

/** Of the conditions of filters. */
export const filterFields: Record<string, string> = {
  eq: 'Equal to this.',
  in: 'Any of these.',
  gt: 'Greater than this.',
  gte: 'This or greater.',
  lt: 'Less than this.',
  lte: 'This or less.',
  contains: 'Has this anywhere in it.',
  startsWith: 'Begins with this.',
  chainId: 'On these chains.',
  block: 'By the number of the block it came with.',
};

export const argumentsByName: Record<string, string> = {
  first: 'So many rows, from the beginning or from `after` on; at most 100, and 20 unless given.',
  after: 'The cursor of the row before the first that is wanted.',
  last: 'So many rows, up to the end or to `before`; at most 100. Not together with `first`.',
  before: 'The cursor of the row after the last that is wanted.',
  where: 'Which rows.',
  orderBy: 'In which order; the newest first unless given.',
  asOf: 'Answer as of this block, and so everything below; the newest state unless given.',
  id: 'Its id, as the field `id` has it.',
  ids: 'Ids, as the field `id` has them.',
  address: 'In any case.',
  chainId: 'Of this chain alone; of all that are indexed unless given.',
  finality: 'How sure a block has to be before its changes are delivered.',
  from: 'The first moment of the window.',
  to: 'The first moment after the window.',
  bucket: 'How long each step is.',
};
