import { AccountList, type AccountListData } from '../documents';
import { words } from '../format/names';
import { formatCount } from '../format/number';
import { Amounts } from '../parts/Amount';
import { Address } from '../parts/Hex';
import type { Column } from '../parts/Table';
import { Time } from '../parts/Time';
import { amountsText, placeColumns } from './csvColumns';
import { choicesOf, type ListDefinition } from './definition';

export type AccountRow = NonNullable<AccountListData['accounts']>['nodes'][number];

const columns: readonly Column<AccountRow>[] = [
  { title: 'Account', main: true, cell: ({ address }) => <Address of={address} /> },
  { title: 'Roles', cell: ({ roles }) => <span className="quiet">{roles.map(words).join(', ')}</span> },
  { title: 'Contributions', number: true, sort: 'contributions', cell: (row) => formatCount(row.contributionCount) },
  { title: 'Accepted', number: true, cell: (row) => formatCount(row.acceptedCount) },
  { title: 'Earned', number: true, sort: 'rewards', cell: ({ rewardTotals }) => <Amounts of={rewardTotals.accrued} /> },
  { title: 'Claimable', number: true, cell: ({ rewardTotals }) => <Amounts of={rewardTotals.claimable} /> },
  { title: 'First seen', number: true, cell: ({ firstSeen }) => <Time at={firstSeen.timestamp} /> },
];

export const contributors: ListDefinition<AccountListData, AccountRow> = {
  path: '/contributors',
  title: 'Contributors',
  lead: 'Accounts of the loop, by what they gave and what they got for it.',
  noun: 'account',
  document: AccountList,
  page: (data) => data.accounts,
  keyOf: ({ id }) => id,
  columns,
  filters: [
    {
      param: 'role',
      label: 'Role',
      choices: choicesOf(['CONTRIBUTOR', 'BUILDER', 'CURATOR', 'OWNER', 'USER', 'STAKER', 'VOTER', 'BENEFICIARY']),
      where: (value) => ({ role: value }),
    },
  ],
  sorts: [
    { param: 'contributions', field: 'CONTRIBUTIONS', label: 'contributions' },
    { param: 'rewards', field: 'REWARDS', label: 'earned', money: true },
    { param: 'fees', field: 'FEES_PAID', label: 'fees paid', money: true },
    { param: 'inferences', field: 'INFERENCES', label: 'inferences' },
  ],
  csv: [
    ['address', ({ address }) => address],
    ['roles', ({ roles }) => roles.join(' ')],
    ['contributions', ({ contributionCount }) => contributionCount],
    ['accepted', ({ acceptedCount }) => acceptedCount],
    ['inferences', ({ inferenceCount }) => inferenceCount],
    ['earned', ({ rewardTotals }) => amountsText(rewardTotals.accrued)],
    ['claimable', ({ rewardTotals }) => amountsText(rewardTotals.claimable)],
    ['fees paid', ({ feesPaid }) => amountsText(feesPaid)],
    ...placeColumns<AccountRow>(({ firstSeen }) => firstSeen),
  ],
};
