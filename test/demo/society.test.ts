import { Society } from '../../demo/society';

test('what the chain says of an inference that nobody settled means nothing to the actors', () => {
  const society = new Society();
  const event = (name: string, args: object) => ({ name, args, at: 1 }) as Parameters<Society['apply']>[0];
  society.apply(event('AttributionCommitted', { inferenceId: `0x${'1'.repeat(64)}` }));
  society.apply(event('AttributionRevised', { inferenceId: `0x${'1'.repeat(64)}` }));
  expect(society.inferences.size).toBe(0);
  expect(society.events).toBe(2);
});
