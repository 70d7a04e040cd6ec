import type { LogPosition } from '../logPosition';
import type { Finality } from '../types/block';
import type { LiveFilter } from './filterTests';
import type { KindName } from './judged';
import type { LiveItem, Place } from './liveItem';

/** What a message of a stream is made from. */
export type Delivery<Kind extends KindName = KindName> =
  | { op: 'APPLY' | 'RETRACT'; kind: Kind; item: LiveItem<Kind> }
  | { op: 'PROGRESS'; kind: Kind; place: Place };

/** The last place that a client has handled, and the position that its cursor was made at. */
export interface Cursor extends Place {
  madeAt: LogPosition;
}

/** What a subscription asks for. Resolvers give it where GraphQL expects a source of events: nobody iterates it. */
export class Plan implements AsyncIterable<never> {
  [Symbol.asyncIterator](): AsyncIterator<never> {
    throw new Error('a plan is followed, not iterated');
  }
}

/** The changes of one kind. */
export class ChangesPlan<Kind extends KindName = KindName> extends Plan {
  constructor(
    readonly kind: Kind,
    /** null: from now on. */
    readonly after: Cursor | null,
    readonly finality: Finality,
    readonly filter: LiveFilter<Kind>,
  ) {
    super();
  }
}

/** The state of one chain, or of all. */
export class StatusPlan extends Plan {
  constructor(readonly chainId: number | null) {
    super();
  }
}
