/** What the schema says of all subscriptions. */
export const aboutSubscriptions = `Every subscription delivers each change exactly once and in order. Keep the last cursor you handled; reconnect with
\`after\` and the stream goes on where it stopped, reorgs that happened meanwhile included. Without \`after\` it starts at
now. A cursor older than the retained log fails with CURSOR_EXPIRED (extensions.oldest).

A change is one event's effect on a row. RETRACTs mirror the APPLYs that a reorg undid, newest first, and go wherever
those went; then come the APPLYs of what replaced them. \`id\` and \`at\` say which row and which event, as the log of changes
has them. A fact (event, reward, claim, reversal, influence) is exactly the one of at.block.hash; it is null on RETRACT and
on an APPLY whose block is no longer in the chain (its RETRACT follows). An entity with a state (contribution, inference) is
as it stands when delivered, which may be later than this change.

A filter is judged on the row right before and right after the change's event, in the order of the log; either match
delivers it. The same stream comes from any replay and any process.

With \`finality\`, the stream holds the changes whose blocks reached it, in the order in which they did, each move of safe or
finalized having a position of its own; from FINALIZED nothing is ever retracted, and rows that a page already showed as
pending come once they are final.

contributions: submitted, scored, finalized, linked (the linking one), a dispute opened or resolved, from the submission
on. inferences: settled, split, refunded, attributed, revised, rated, from the settlement on. influences: recorded with
weight > 0, and each edge that a revision superseded (APPLY with current: false); root: datanet, contribution, model,
inference or account (as contributor).`;
