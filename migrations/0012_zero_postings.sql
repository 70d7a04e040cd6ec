-- A posting of nothing makes a line in the books too: totals can't say whether there are any, these say it at once. They
-- hold next to nothing, since next to nobody pays nothing.
create index pool_funding_zero on pool_funding (chain_id, pool_id, source) where amount = 0;
create index reward_zero on reward (chain_id, pool_id) where amount = 0;
create index reversal_zero on reversal (chain_id, pool_id) where amount = 0;
create index claim_zero on claim (chain_id, pool_id) where amount = 0;
