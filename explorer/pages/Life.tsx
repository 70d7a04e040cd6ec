import type { ContributionPageData } from '../documents';
import { Time } from '../parts/Time';

type Contribution = NonNullable<ContributionPageData['contribution']>;

/** Why nothing has happened yet, by the first stage that wasn't reached. */
const WHY: Record<Contribution['stage'], string> = {
  UNSCORED: 'No curator has scored it yet.',
  UNDECIDED: 'Curators have scored it, but it has not been decided yet.',
  REJECTED: 'It was not accepted, so nothing further can happen.',
  NOT_IN_A_VERSION: 'It was accepted, but no version of the datanet published since holds it.',
  NOT_TRAINED_ON: 'It is in a version of the datanet, but no model was trained on such a version yet.',
  NEVER_INFLUENTIAL: 'A model was trained on it, but no answer has been attributed to it yet.',
  UNREWARDED: 'Answers were attributed to it, but no reward has been accrued for it yet.',
  PAID: 'It went all the way: data, answer, money.',
};

/** A contribution's life as a line of stages with dates. */
export function Life({ of }: { of: Contribution }) {
  const stages = [
    ['Submitted', of.submittedAt],
    [of.status === 'REJECTED' || of.status === 'SLASHED' ? of.status.toLowerCase() : 'Accepted', of.finalizedAt],
    ['In a version', of.inVersionAt],
    ['Trained on', of.trainedAt],
    ['First influence', of.firstInfluenceAt],
    ['First reward', of.firstRewardAt],
  ] as const;
  const next = stages.findIndex(([, at]) => !at);
  return (
    <section className="panel life" aria-label="Its life">
      <ol>
        {stages.map(([name, at], place) => (
          <li key={name} className={at ? 'done' : place === next && of.stage !== 'REJECTED' ? 'next' : ''}>
            <i aria-hidden="true" />
            <strong>{name}</strong>
            {at ? <Time at={at.timestamp} /> : <span className="quiet">{place === next ? 'not yet' : '–'}</span>}
          </li>
        ))}
      </ol>
      <p>{WHY[of.stage]}</p>
    </section>
  );
}
