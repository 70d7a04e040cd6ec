import type { SearchData } from '../documents';
import { exactTokens, symbolOf } from '../format/amount';
import { capital, partsOf, titleOf, words } from '../format/names';

export type Found = NonNullable<SearchData['search']>[number];

/** A line of what was found: where it leads, what it is called, what it is. */
export function lineOf(found: Found): { href: string; title: string; note: string } {
  if (found.__typename === 'Block') {
    const { number, chainId } = found;
    return { href: `/rewards?block=${number}`, title: `Block ${number}`, note: `chain ${chainId}` };
  }
  const id = 'id' in found ? found.id : '';
  const { chainId } = partsOf(id);
  const line = { href: `/${id}`, title: titleOf(id), note: [found.__typename, chainId && `chain ${chainId}`] };
  switch (found.__typename) {
    case 'Datanet':
    case 'Model':
      line.title = titleOf(id, found.name);
      break;
    case 'Account':
      line.note = ['Account', found.roles.map(words).join(', ')];
      break;
    case 'Contribution':
      line.note = [capital(words(found.status)), found.datanet?.name ?? null];
      break;
    case 'Inference':
      line.note = [found.model?.name ?? 'Inference', amountText(found.fee)];
      break;
    case 'Reward':
      line.note = [words(found.role), amountText(found.amount)];
      break;
  }
  return { ...line, note: line.note.filter(Boolean).join(' · ') };
}

function amountText({ amount, token }: Extract<Found, { __typename: 'Reward' }>['amount']): string {
  return `${exactTokens(amount, token.decimals) ?? amount} ${symbolOf(token)}`;
}
