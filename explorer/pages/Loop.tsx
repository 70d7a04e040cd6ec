import type { HomeData } from '../documents';
import { words } from '../format/names';
import { formatCompact } from '../format/number';

type Turn = Pick<NonNullable<HomeData['flywheel']>, 'stages' | 'weakestStage'>;
type Stage = Turn['stages'][number];

const COUNTS: Record<Stage['stage'], string> = {
  CONTRIBUTE: 'contributions',
  ORGANIZE: 'accepted',
  BUILD: 'model versions',
  USE: 'paid answers',
  REWARD: 'rewards',
  REPEAT: 'came back',
};
const LEADS_TO: Record<Stage['stage'], string> = {
  CONTRIBUTE: '/contributions',
  ORGANIZE: '/contributions?status=ACCEPTED',
  BUILD: '/models',
  USE: '/inferences',
  REWARD: '/rewards',
  REPEAT: '/contributors?role=CONTRIBUTOR&sort=-contributions',
};
const SIZE = 460;
const RADIUS = 172;

/** The loop of the last 7 days: a count for each stage, how it compares with the 7 before, the weakest marked. */
export function Loop({ of: { stages, weakestStage } }: { of: Turn }) {
  return (
    <figure className="loop">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
        {stages.map(({ stage }, place) => (
          <path key={stage} d={arc(place, stages.length)} className={stage === weakestStage ? 'arc weakest' : 'arc'} />
        ))}
        {stages.map(({ stage }, place) => (
          <path key={stage} d={tip(place, stages.length)} className={stage === weakestStage ? 'tip weakest' : 'tip'} />
        ))}
      </svg>
      <ol>
        {stages.map(({ stage, value, gain }, place) => (
          <li key={stage} className={stage === weakestStage ? 'weakest' : undefined} style={spot(place, stages.length)}>
            <a className="name" href={LEADS_TO[stage]}>
              {words(stage)}
            </a>
            <strong>{formatCompact(value)}</strong>
            <span className="unit">{COUNTS[stage]}</span>
            <span className={gain !== null && gain < 1 ? 'gain less' : 'gain'}>{gainText(gain)}</span>
          </li>
        ))}
      </ol>
      <figcaption>
        {weakestStage ? (
          <>
            slows down at <strong>{words(weakestStage)}</strong>
          </>
        ) : (
          'the loop turns'
        )}
        <small>last 7 days against the 7 before</small>
      </figcaption>
    </figure>
  );
}

function gainText(gain: number | null): string {
  if (gain === null) return 'new';
  const percent = Math.round((gain - 1) * 100);
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}

function point(turn: number, radius: number): [x: number, y: number] {
  const angle = 2 * Math.PI * (turn - 0.25);
  return [SIZE / 2 + radius * Math.cos(angle), SIZE / 2 + radius * Math.sin(angle)];
}

/** From one stage's label to the next's, which cover its ends. */
function arc(place: number, of: number): string {
  const [fromX, fromY] = point((place + 0.5) / of, RADIUS);
  const [toX, toY] = point((place + 1.5) / of, RADIUS);
  return `M${fromX} ${fromY}A${RADIUS} ${RADIUS} 0 0 1 ${toX} ${toY}`;
}

/** Halfway, where it can be seen. */
function tip(place: number, of: number): string {
  const turn = (place + 1) / of + 0.01;
  const [x, y] = point(turn, RADIUS);
  const [backX, backY] = point(turn - 0.016, RADIUS + 8);
  const [innerX, innerY] = point(turn - 0.016, RADIUS - 8);
  return `M${x} ${y}L${backX} ${backY}L${innerX} ${innerY}Z`;
}

/** Labels stand in the middle of their arcs. */
function spot(place: number, of: number): { left: string; top: string } {
  const [x, y] = point((place + 0.5) / of, RADIUS);
  return { left: `${(100 * x) / SIZE}%`, top: `${(100 * y) / SIZE}%` };
}
