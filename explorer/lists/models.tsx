import { ModelList, type ModelListData } from '../documents';
import { formatCount, formatShare } from '../format/number';
import { Amounts } from '../parts/Amount';
import { Address } from '../parts/Hex';
import { Named } from '../parts/Named';
import type { Column } from '../parts/Table';
import { Time } from '../parts/Time';
import { amountsText, placeColumns } from './csvColumns';
import type { ListDefinition } from './definition';
import { addressFilter, idFilter, nameFilter } from './filters';

export type ModelRow = NonNullable<ModelListData['models']>['nodes'][number];

export const modelColumns: readonly Column<ModelRow>[] = [
  { title: 'Model', main: true, cell: (row) => <Named of={row} /> },
  { title: 'Builder', cell: ({ builder }) => <Address of={builder.address} /> },
  { title: 'Inferences', number: true, sort: 'inferences', cell: (row) => formatCount(row.inferenceCount) },
  { title: 'Users', number: true, sort: 'users', cell: ({ userCount }) => formatCount(userCount) },
  { title: 'Fees', number: true, sort: 'fees', cell: ({ fees }) => <Amounts of={fees} /> },
  { title: 'Attributed', number: true, cell: (row) => formatShare(row.attributionCoverage) },
  { title: 'Rating', number: true, cell: ({ averageRating }) => averageRating?.toFixed(1) ?? '–' },
  { title: 'Created', number: true, cell: ({ createdAt }) => <Time at={createdAt.timestamp} /> },
];

export const models: ListDefinition<ModelListData, ModelRow> = {
  path: '/models',
  title: 'Models',
  lead: 'What was built from datanets: who uses it, what they paid, and how much of it is attributed to data.',
  noun: 'model',
  document: ModelList,
  page: (data) => data.models,
  keyOf: ({ id }) => id,
  columns: modelColumns,
  filters: [
    nameFilter,
    addressFilter('builder', 'Builder'),
    idFilter('datanet', 'Trained on'),
    { ...idFilter('parent', 'Derived from'), placeholder: 'model:…' },
  ],
  sorts: [
    { param: 'inferences', field: 'INFERENCES', label: 'inferences' },
    { param: 'users', field: 'USERS', label: 'users' },
    { param: 'fees', field: 'FEES', label: 'fees', money: true },
  ],
  csv: [
    ['id', ({ id }) => id],
    ['name', ({ name }) => name],
    ['builder', ({ builder }) => builder.address],
    ['inferences', ({ inferenceCount }) => inferenceCount],
    ['users', ({ userCount }) => userCount],
    ['fees', ({ fees }) => amountsText(fees)],
    ['attribution coverage', ({ attributionCoverage }) => attributionCoverage],
    ['average rating', ({ averageRating }) => averageRating],
    ...placeColumns<ModelRow>(({ createdAt }) => createdAt),
  ],
};
