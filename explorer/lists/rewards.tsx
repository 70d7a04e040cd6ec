import { RewardList, type RewardListData } from '../documents';
import { capital, words } from '../format/names';
import { Amount } from '../parts/Amount';
import { BackingBar } from '../parts/BackingBar';
import { Finality } from '../parts/Finality';
import { Address } from '../parts/Hex';
import { Named } from '../parts/Named';
import type { Column } from '../parts/Table';
import { Time } from '../parts/Time';
import { placeColumns } from './csvColumns';
import type { ListDefinition } from './definition';
import { addressFilter, blockFilter, enumFilter, idFilter, sinceFilter } from './filters';

export type RewardRow = NonNullable<RewardListData['rewards']>['nodes'][number];

export const rewardColumns: readonly Column<RewardRow>[] = [
  {
    title: 'Reward',
    main: true,
    cell: ({ id, role }) => (
      <a href={`/${id}`} className="named" title={id}>
        {capital(words(role))}
      </a>
    ),
  },
  { title: 'Amount', number: true, sort: 'amount', cell: ({ amount }) => <Amount of={amount} /> },
  { title: 'Backing', cell: ({ backing, amount }) => <BackingBar of={backing} decimals={amount.token.decimals} /> },
  { title: 'Beneficiary', cell: ({ beneficiary }) => <Address of={beneficiary.address} /> },
  {
    title: 'For',
    cell: ({ contribution, inference, epoch }) =>
      contribution ? (
        <>
          <Named of={contribution} />{' '}
          {contribution.datanet && <small>of {contribution.datanet.name ?? 'its datanet'}</small>}
        </>
      ) : (
        <Named of={inference} missing={`epoch ${epoch}`} />
      ),
  },
  { title: 'Model', cell: ({ inference }) => <Named of={inference?.model} /> },
  {
    title: 'Accrued',
    number: true,
    cell: ({ accruedAt }) => (
      <>
        <Time at={accruedAt.timestamp} /> <Finality of={accruedAt.block} />
      </>
    ),
  },
];

export const rewards: ListDefinition<RewardListData, RewardRow> = {
  path: '/rewards',
  title: 'Rewards',
  lead: 'Every amount that was promised to somebody, what it is for, and what it is backed by.',
  noun: 'reward',
  document: RewardList,
  page: (data) => data.rewards,
  keyOf: ({ id }) => id,
  columns: rewardColumns,
  filters: [
    addressFilter('beneficiary', 'Beneficiary'),
    enumFilter('role', 'Role', ['CONTRIBUTOR', 'MODEL_BUILDER', 'STAKER', 'PLATFORM', 'CURATOR', 'ADAPTER_BUILDER']),
    enumFilter('source', 'Backed by', ['FEE', 'EMISSION', 'GRANT', 'SLASH', 'UNKNOWN']),
    sinceFilter('accruedAt'),
    idFilter('datanet', 'Datanet'),
    idFilter('model', 'Model'),
    idFilter('contribution', 'Contribution'),
    blockFilter,
  ],
  sorts: [{ param: 'amount', field: 'AMOUNT', label: 'amount', money: true }],
  csv: [
    ['id', ({ id }) => id],
    ['role', ({ role }) => role],
    ['beneficiary', ({ beneficiary }) => beneficiary.address],
    ['amount', ({ amount }) => amount.amount],
    ['token', ({ amount }) => amount.token.id],
    ['decimals', ({ amount }) => amount.token.decimals],
    ...['FEE', 'EMISSION', 'GRANT', 'SLASH', 'UNKNOWN'].map(
      (source) =>
        [
          `backed by ${source.toLowerCase()}`,
          ({ backing }: RewardRow) => backing.find((part) => part.source === source)?.amount ?? '0',
        ] as const,
    ),
    ['contribution', ({ contribution }) => contribution?.id],
    ['inference', ({ inference }) => inference?.id],
    ['model', ({ inference }) => inference?.model?.id],
    ...placeColumns<RewardRow>(({ accruedAt }) => accruedAt),
  ],
};
