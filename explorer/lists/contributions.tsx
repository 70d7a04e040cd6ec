import { ContributionList, type ContributionListData } from '../documents';
import { words } from '../format/names';
import { formatBytes, formatCount, formatShare } from '../format/number';
import { Amounts } from '../parts/Amount';
import { Badge } from '../parts/Badge';
import { Finality } from '../parts/Finality';
import { Address } from '../parts/Hex';
import { Named } from '../parts/Named';
import type { Column } from '../parts/Table';
import { Time } from '../parts/Time';
import { amountsText, placeColumns } from './csvColumns';
import type { ListDefinition } from './definition';
import { addressFilter, enumFilter, idFilter, sinceFilter } from './filters';

export type ContributionRow = NonNullable<ContributionListData['contributions']>['nodes'][number];

export const contributionColumns: readonly Column<ContributionRow>[] = [
  {
    title: 'Contribution',
    main: true,
    cell: ({ id, contributionId }) => (
      <a href={`/${id}`} className="named" title={id}>
        Contribution {contributionId}
      </a>
    ),
  },
  { title: 'Datanet', cell: ({ datanet }) => <Named of={datanet} /> },
  { title: 'Contributor', cell: ({ contributor }) => <Address of={contributor.address} /> },
  { title: 'Status', cell: ({ status }) => <Badge of={status} /> },
  { title: 'Stage', cell: ({ stage }) => <span className="quiet">{STAGES[stage] ?? words(stage)}</span> },
  { title: 'Score', number: true, sort: 'score', cell: ({ score }) => formatShare(score) },
  { title: 'Size', number: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { title: 'Influenced', number: true, sort: 'influences', cell: ({ influenceCount }) => formatCount(influenceCount) },
  { title: 'Earned', number: true, sort: 'earned', cell: ({ earned }) => <Amounts of={earned} /> },
  {
    title: 'Submitted',
    number: true,
    cell: ({ submittedAt }) => (
      <>
        <Time at={submittedAt.timestamp} /> <Finality of={submittedAt.block} />
      </>
    ),
  },
];

/** How far it has come, by the first stage that was not reached. */
const STAGES: Record<ContributionRow['stage'], string> = {
  UNSCORED: 'waits for a score',
  UNDECIDED: 'waits for a decision',
  REJECTED: 'rejected',
  NOT_IN_A_VERSION: 'waits for a version',
  NOT_TRAINED_ON: 'waits for a training',
  NEVER_INFLUENTIAL: 'not influential yet',
  UNREWARDED: 'waits for a reward',
  PAID: 'paid',
};

export const contributions: ListDefinition<ContributionListData, ContributionRow> = {
  path: '/contributions',
  title: 'Contributions',
  lead: 'Every piece of data that was submitted, how far it has come, and what it earned.',
  noun: 'contribution',
  document: ContributionList,
  page: (data) => data.contributions,
  keyOf: ({ id }) => id,
  columns: contributionColumns,
  filters: [
    idFilter('datanet', 'Datanet'),
    addressFilter('contributor', 'Contributor'),
    enumFilter('status', 'Status', ['PENDING', 'ACCEPTED', 'REJECTED', 'SLASHED']),
    sinceFilter('submittedAt'),
  ],
  sorts: [
    { param: 'score', field: 'SCORE', label: 'score' },
    { param: 'influences', field: 'INFLUENCES', label: 'inferences influenced' },
    { param: 'earned', field: 'EARNED', label: 'earned', money: true },
  ],
  csv: [
    ['id', ({ id }) => id],
    ['datanet', ({ datanet }) => datanet?.id],
    ['datanet name', ({ datanet }) => datanet?.name],
    ['contributor', ({ contributor }) => contributor.address],
    ['status', ({ status }) => status],
    ['stage', ({ stage }) => stage],
    ['score', ({ score }) => score],
    ['size in bytes', ({ sizeBytes }) => sizeBytes],
    ['content hash', ({ contentHash }) => contentHash],
    ['inferences influenced', ({ influenceCount }) => influenceCount],
    ['earned', ({ earned }) => amountsText(earned)],
    ...placeColumns<ContributionRow>(({ submittedAt }) => submittedAt),
  ],
};
