import { KeyedView } from '../../client';

const change = (op: 'APPLY' | 'RETRACT', id: string, event: string, hash: string, finality = 'PENDING') => ({
  cursor: '',
  op,
  id,
  at: { eventId: event, block: { hash, finality } },
});

test('a retraction brings back what an id had before, and what it never had is gone', () => {
  const view = new KeyedView<string>();
  view.change(change('APPLY', 'influence:1:1-0', 'event:1:1-0', '0xa1'), 'current');
  view.change(change('APPLY', 'influence:1:1-0', 'event:1:2-0', '0xa2'), 'superseded');
  view.change(change('APPLY', 'influence:1:2-1', 'event:1:2-1', '0xa2'), 'new');
  expect([...view]).toEqual([
    ['influence:1:1-0', 'superseded'],
    ['influence:1:2-1', 'new'],
  ]);
  view.change(change('RETRACT', 'influence:1:2-1', 'event:1:2-1', '0xa2'), null);
  view.change(change('RETRACT', 'influence:1:1-0', 'event:1:2-0', '0xa2'), null);
  expect([...view]).toEqual([['influence:1:1-0', 'current']]);
  view.change(change('APPLY', 'influence:1:2-1', 'event:1:2-1', '0xb2'), 'other');
  expect(view.get('influence:1:2-1')).toBe('other');
  expect(view.size).toBe(2);
});

test('an APPLY whose block is gone already leaves nothing, nor does its RETRACT', () => {
  const view = new KeyedView<string>();
  view.change(change('APPLY', 'reward:1:1-0', 'event:1:1-0', '0xa1'), null);
  view.change(change('RETRACT', 'reward:1:1-0', 'event:1:1-0', '0xa1'), null);
  view.change({ cursor: '', op: 'PROGRESS', id: null, at: null }, null);
  expect([...view]).toEqual([]);
});

test('nothing is kept behind a version that is final', () => {
  const view = new KeyedView<string>();
  view.change(change('APPLY', 'contribution:1:1', 'event:1:1-0', '0xa1'), 'PENDING');
  view.change(change('APPLY', 'contribution:1:1', 'event:1:2-0', '0xa2', 'FINALIZED'), 'ACCEPTED');
  view.change(change('RETRACT', 'contribution:1:1', 'event:1:2-0', '0xa2'), null);
  expect(view.get('contribution:1:1')).toBeUndefined();
});
