import { DatanetList, type DatanetListData } from '../documents';
import { words } from '../format/names';
import { formatCount, formatShare } from '../format/number';
import { Amounts } from '../parts/Amount';
import { BackingBar } from '../parts/BackingBar';
import { Badge } from '../parts/Badge';
import { Address } from '../parts/Hex';
import { Named } from '../parts/Named';
import type { Column } from '../parts/Table';
import { Time } from '../parts/Time';
import { amountsText, placeColumns } from './csvColumns';
import type { ListDefinition } from './definition';
import { addressFilter, enumFilter, nameFilter } from './filters';

export type DatanetRow = NonNullable<DatanetListData['datanets']>['nodes'][number];

const columns: readonly Column<DatanetRow>[] = [
  { title: 'Datanet', main: true, cell: (row) => <Named of={row} /> },
  { title: 'Data', cell: ({ dataType }) => words(dataType) },
  { title: 'Status', cell: ({ status }) => <Badge of={status} /> },
  { title: 'Owner', cell: ({ owner }) => <Address of={owner.address} /> },
  { title: 'Contributions', number: true, sort: 'contributions', cell: (row) => formatCount(row.contributionCount) },
  { title: 'Accepted', number: true, sort: 'acceptance', cell: (row) => formatShare(row.acceptanceRate) },
  { title: 'Models', number: true, cell: ({ modelCount }) => formatCount(modelCount) },
  { title: 'Inferences', number: true, sort: 'inferences', cell: (row) => formatCount(row.inferenceCount) },
  { title: 'Earned', number: true, sort: 'earned', cell: ({ earned }) => <Amounts of={earned} /> },
  {
    title: 'Backing',
    cell: ({ backing }) =>
      backing.length === 0
        ? '–'
        : backing.map(({ token, bySource }) => <BackingBar key={token.id} of={bySource} decimals={token.decimals} />),
  },
  { title: 'Created', number: true, cell: ({ createdAt }) => <Time at={createdAt.timestamp} /> },
];

export const datanets: ListDefinition<DatanetListData, DatanetRow> = {
  path: '/datanets',
  title: 'Datanets',
  lead: 'Collections of data that their owners curate, the models that learned from them, and what they earned.',
  noun: 'datanet',
  document: DatanetList,
  page: (data) => data.datanets,
  keyOf: ({ id }) => id,
  columns,
  filters: [
    nameFilter,
    enumFilter('dataType', 'Data', ['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'OTHER']),
    enumFilter('status', 'Status', ['ACTIVE', 'PAUSED', 'CLOSED']),
    addressFilter('owner', 'Owner'),
  ],
  sorts: [
    { param: 'contributions', field: 'CONTRIBUTIONS', label: 'contributions' },
    { param: 'inferences', field: 'INFERENCES', label: 'inferences' },
    { param: 'acceptance', field: 'ACCEPTANCE_RATE', label: 'acceptance' },
    { param: 'earned', field: 'EARNED', label: 'earned', money: true },
  ],
  csv: [
    ['id', ({ id }) => id],
    ['name', ({ name }) => name],
    ['data type', ({ dataType }) => dataType],
    ['status', ({ status }) => status],
    ['owner', ({ owner }) => owner.address],
    ['contributions', ({ contributionCount }) => contributionCount],
    ['accepted', ({ acceptedCount }) => acceptedCount],
    ['contributors', ({ contributorCount }) => contributorCount],
    ['models', ({ modelCount }) => modelCount],
    ['inferences', ({ inferenceCount }) => inferenceCount],
    ['earned', ({ earned }) => amountsText(earned)],
    ...placeColumns<DatanetRow>(({ createdAt }) => createdAt),
  ],
};
