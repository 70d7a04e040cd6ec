import { type FlywheelStage, LoopStage } from '../types/flywheel';

export type StageCounts = Record<LoopStage, number>;

/** protocol/README.md, "Flywheel stages": gain = value / what the window of the same length before had. */
export function stagesOf(now: StageCounts, before: StageCounts): FlywheelStage[] {
  return Object.values(LoopStage).map((stage) => {
    const [value, previous] = [now[stage], before[stage]];
    return { stage, value, previous, gain: previous === 0 ? null : value / previous };
  });
}

/** The lowest gain that is not null; of equal ones the earlier stage. */
export function weakestOf(stages: readonly FlywheelStage[]): LoopStage | null {
  let weakest: { stage: LoopStage; gain: number } | null = null;
  for (const { stage, gain } of stages) {
    if (gain !== null && (weakest === null || gain < weakest.gain)) weakest = { stage, gain };
  }
  return weakest?.stage ?? null;
}
