/** The live curves: the charts of `paragrad watch`. */
import { Charts } from '@paragrad/watch/charts';
import { groupsOf } from '@paragrad/watch/runs';
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LiveTraining } from '../../train/live-training.js';

/** The part of the curve that is averaged around each point. */
const SMOOTHING = 0.06;
const choice = { hiddenGroups: new Set<string>(), hiddenAgents: new Set<string>(), smoothing: SMOOTHING };

export function Curves({ curve }: Pick<LiveTraining, 'curve'>) {
  const returns = useRef<HTMLDivElement>(null);
  const others = useRef<HTMLDivElement>(null);
  const folded = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const charts = new Charts(returns.current!, others.current!);
    const draw = () => {
      const groups = groupsOf(curve.value);
      charts.drawReturns(groups, choice);
      if (folded.current!.open) charts.drawOthers(groups, choice);
    };
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    folded.current!.addEventListener('toggle', draw);
    const stop = effect(draw);
    return () => {
      stop();
      dark.removeEventListener('change', draw);
    };
  }, []);
  return (
    <div class="curves" hidden={curve.value.length === 0}>
      <div ref={returns} />
      <details ref={folded}>
        <summary>Losses, gradient norms and more</summary>
        <div ref={others} class="charts" />
      </details>
    </div>
  );
}
