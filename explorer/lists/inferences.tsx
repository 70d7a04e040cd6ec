import { InferenceList, type InferenceListData } from '../documents';
import { shorten } from '../format/names';
import { formatCount } from '../format/number';
import { Amount } from '../parts/Amount';
import { Finality } from '../parts/Finality';
import { Address } from '../parts/Hex';
import { Named } from '../parts/Named';
import type { Column } from '../parts/Table';
import { Time } from '../parts/Time';
import { placeColumns } from './csvColumns';
import type { ListDefinition } from './definition';
import { addressFilter, blockFilter, idFilter, sinceFilter } from './filters';

export type InferenceRow = NonNullable<InferenceListData['inferences']>['nodes'][number];

export const inferenceColumns: readonly Column<InferenceRow>[] = [
  {
    title: 'Inference',
    main: true,
    cell: ({ id, inferenceId }) => (
      <a href={`/${id}`} className="mono" title={inferenceId}>
        {shorten(inferenceId)}
      </a>
    ),
  },
  { title: 'Model', cell: ({ model, modelId }) => <Named of={model} missing={`Model ${modelId}`} /> },
  { title: 'User', cell: ({ user }) => <Address of={user.address} /> },
  { title: 'Fee', number: true, sort: 'fee', cell: ({ fee }) => <Amount of={fee} /> },
  { title: 'Tokens in', number: true, cell: ({ tokensIn }) => formatCount(tokensIn) },
  { title: 'Tokens out', number: true, cell: ({ tokensOut }) => formatCount(tokensOut) },
  {
    title: 'Sources',
    number: true,
    cell: ({ attribution }) =>
      attribution ? (
        <span title={attribution.complete ? 'Weights sum to exactly 100 %' : 'Some weights are missing'}>
          {formatCount(attribution.leafCount)}
          {!attribution.complete && <small className="warn"> incomplete</small>}
        </span>
      ) : (
        <span className="quiet">none</span>
      ),
  },
  {
    title: 'Settled',
    number: true,
    cell: ({ settledAt }) => (
      <>
        <Time at={settledAt.timestamp} /> <Finality of={settledAt.block} />
      </>
    ),
  },
];

export const inferences: ListDefinition<InferenceListData, InferenceRow> = {
  path: '/inferences',
  title: 'Inferences',
  lead: 'Every answer that a model gave: what was paid for it, and how many contributions it is attributed to.',
  noun: 'inference',
  document: InferenceList,
  page: (data) => data.inferences,
  keyOf: ({ id }) => id,
  columns: inferenceColumns,
  filters: [
    idFilter('model', 'Model'),
    addressFilter('user', 'User'),
    {
      param: 'attributed',
      label: 'Attributed',
      choices: [
        { value: 'yes', label: 'yes' },
        { value: 'no', label: 'no' },
      ],
      where: (value) => ({ attributed: value === 'yes' }),
    },
    sinceFilter('settledAt'),
    blockFilter,
  ],
  sorts: [{ param: 'fee', field: 'FEE', label: 'fee', money: true }],
  csv: [
    ['id', ({ id }) => id],
    ['model', ({ model, modelId }) => model?.id ?? modelId],
    ['model name', ({ model }) => model?.name],
    ['user', ({ user }) => user.address],
    ['fee', ({ fee }) => fee.amount],
    ['token', ({ fee }) => fee.token.id],
    ['decimals', ({ fee }) => fee.token.decimals],
    ['tokens in', ({ tokensIn }) => tokensIn],
    ['tokens out', ({ tokensOut }) => tokensOut],
    ['sources', ({ attribution }) => attribution?.leafCount ?? '0'],
    ...placeColumns<InferenceRow>(({ settledAt }) => settledAt),
  ],
};
