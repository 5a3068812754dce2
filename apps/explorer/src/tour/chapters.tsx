import type { ComponentType } from 'preact';
import type { Address } from '../address.js';
import {
  gradientsInActors,
  inputSizes,
  returnsOf,
  slopeCheck,
  targetDistance,
  valueIfOpposite,
} from '../model/tour-numbers.js';
import { inWords, number, pair } from '../numbers.js';
import { session } from '../state.js';
import { Now, OnDemand, Show } from './live.js';

export interface Chapter {
  readonly title: string;
  /** What the address says in this chapter. */
  readonly page: Partial<Address>;
  readonly Text: ComponentType;
}

/** The name of the followed agent, and of the next one. */
const me = () => <Now of={({ agents }, i) => inWords(agents[i])} />;
const other = () => <Now of={({ agents }, i) => inWords(agents[(i + 1) % agents.length])} />;

export const chapters: readonly Chapter[] = [
  {
    title: 'One agent and its critic',
    page: { run: 'simple', seed: 6 },
    Text: () => (
      <>
        <p>
          The disc is an agent. It wants to be at the landmark: in every step it loses the square of its
          distance from it. It can push itself in any direction. The dark arrow is the push that its{' '}
          <b>actor</b> chooses, a small network that gets what the agent sees and returns the push.
        </p>
        <p>
          A second network, its <b>critic</b>, has learned to guess how much reward is still to come if the
          agent pushes like this now, and later does what its actor says. This guess is <i>Q</i>. Here it says{' '}
          <Now of={(session, i) => session.advice(i).value} />.
        </p>
        <p>
          Drag the agent or the landmark, and watch <i>Q</i>: the farther apart, the lower.{' '}
          <Show page={{ overlay: 'places' }}>Show Q for every place</Show> it could be. The critic has never
          been told where the landmark is best. It has learned that from rewards alone.
        </p>
      </>
    ),
  },
  {
    title: 'The chain rule through Q',
    page: { run: 'simple', seed: 6, overlay: 'actions' },
    Text: () => (
      <>
        <p>
          Nobody tells the actor which push would have been right. But the critic is a function of the push,
          so it has a slope: d<i>Q</i>/d<i>a</i>, the colored arrow. It points where <i>Q</i> grows fastest.
          The square around the agent shows <i>Q</i> for every push that it could choose.
        </p>
        <p>
          Try whether that is true: a push that is <Now of={(session, i) => slopeCheck(session, i).step} />{' '}
          longer in the arrow's direction should change <i>Q</i> by{' '}
          <Now of={(session, i) => slopeCheck(session, i).predicted} />. It changes by{' '}
          <Now of={(session, i) => slopeCheck(session, i).actual} />.
        </p>
        <p>
          The push comes from the actor's weights θ, and that function has a slope, too. The chain rule
          multiplies both: d<i>Q</i>/dθ = d<i>Q</i>/d<i>a</i> · d<i>a</i>/dθ. The gradient goes through the
          critic to the action, and on into the actor. Only the actor's weights take a step. This is the
          deterministic policy gradient.
        </p>
      </>
    ),
  },
  {
    title: 'Three agents, and the ground moves',
    page: { run: 'spread', seed: 3 },
    Text: () => (
      <>
        <p>
          Now there are three, and they share one reward: every landmark should have an agent near it, and
          agents should not collide. What {me()} gets depends on what the others do. Its critic says{' '}
          <Now of={(session, i) => session.advice(i).value} />. If {other()} pushed the opposite way, it would
          say <Now of={(session, i) => valueIfOpposite(session, i, (i + 1) % session.agents.length)} />.
        </p>
        <p>
          A critic that knows only what {me()} sees and does must guess what the others will do. While they
          learn, they do other things, so its guess is wrong again and again. The ground moves under it, and
          it cannot see why.
        </p>
        <p>
          Drag {other()} somewhere else, and watch what {me()} does.
        </p>
      </>
    ),
  },
  {
    title: 'What the critic sees, and the actor may not',
    page: { run: 'spread', seed: 3, overlay: 'arrows' },
    Text: () => (
      <>
        <p>
          The remedy of MADDPG: in training, let the critic see everything. The actor of {me()} gets{' '}
          <Now of={({ algorithm }, i) => inputSizes(algorithm, i).actor} /> numbers, what the agent itself
          observes. Its critic gets <Now of={({ algorithm }, i) => inputSizes(algorithm, i).critic} />: the
          observations and the actions of all agents. If it knows what the others do, the ground stands still.
        </p>
        <p>
          Critics are needed only to learn. Whoever plays needs only actors, and these see no more than they
          will see then. Training is centralized, execution is not.
        </p>
        <p>
          The field of short lines shows d<i>Q</i>/d<i>a</i> for {me()} at every place it could be. Move the
          others, and the field changes: that is the knowledge of a centralized critic.
        </p>
      </>
    ),
  },
  {
    title: 'Detach: my gradient, my actor',
    page: { run: 'spread', seed: 3, view: 'gradient' },
    Text: () => (
      <>
        <p>
          The loss of {me()}'s actor is −<i>Q</i>, and this <i>Q</i> depends on the actions of all. So the
          gradient could also flow into the others' actions, and on into their actors. Then {me()} would teach
          them to serve its own value, which is not theirs: they would learn from a critic that is not their
          own.
        </p>
        <p>
          One word prevents it: the others' actions are <b>detached</b>. Their values flow forward, and no
          gradient flows back. Here, now, the gradient's norm in the actors is{' '}
          <Now
            of={(session, i) =>
              gradientsInActors(session, i)
                .map((norm, j) => `${number(norm)} (${inWords(session.agents[j])})`)
                .join(', ')
            }
          />
          .
        </p>
        <p>
          The critic's weights do not move either. The gradient must pass through the critic, as light passes
          through a lens. If the critic learned from this loss, it would learn to praise every action. It has
          its own loss, which measures how wrong its guesses were.
        </p>
      </>
    ),
  },
  {
    title: 'Targets: a goal that holds still',
    page: { run: 'spread', seed: 3, view: 'update' },
    Text: () => (
      <>
        <p>
          How does a critic learn without an answer to compare with? From itself, one step later: the reward
          of this step, plus γ times its own guess for the next state. With γ ={' '}
          <Now of={({ algorithm }) => algorithm.settings.gamma} /> a reward counts for about{' '}
          <Now of={({ algorithm }) => Math.round(1 / (1 - algorithm.settings.gamma))} /> steps ahead.
        </p>
        <p>
          But a step that raises the guess here also raises the guess there, and the goal runs away from the
          one who runs after it. So the goal is computed by a <b>target network</b>, a copy that follows
          slowly: after each update it comes closer by τ ={' '}
          <Now of={({ algorithm }) => algorithm.settings.tau} /> of the way. Now the weights of {me()}'s
          target critic are{' '}
          <Now of={({ algorithm }, i) => `${number(100 * targetDistance(algorithm, i))} %`} /> away from those
          of the critic.
        </p>
      </>
    ),
  },
  {
    title: 'Exploration',
    page: { run: 'spread', seed: 3 },
    Text: () => (
      <>
        <p>
          An actor that is asked twice answers twice the same. It would never find out what else there is. So
          training adds noise to every action: in the beginning with a standard deviation of{' '}
          <Now of={({ run }) => run.config.exploration.initial} />, where a full push is 1, and less and less
          later. The transitions go into the replay memory, and every update draws a batch from it at random.
        </p>
        <p>The noise is only for learning. Whoever plays leaves it out.</p>
        <OnDemand ask="Play 100 episodes with and without noise" compute={returnsOf}>
          {({ learned, noisy }) => (
            <>
              Mean return of 100 episodes: <span class="number">{number(learned)}</span> without noise,{' '}
              <span class="number">{number(noisy)}</span> with the noise that training began with.
            </>
          )}
        </OnDemand>
      </>
    ),
  },
  {
    title: 'What they have learned',
    page: { run: 'spread', seed: 2 },
    Text: () => (
      <>
        <p>
          These agents learned from <Now of={({ run }) => run.config.episodes.toLocaleString('en')} />{' '}
          episodes, on one thread, in minutes. Press Play, and watch who goes where: nobody assigned the
          landmarks.
        </p>
        <OnDemand ask="Play 100 episodes, learned and by chance" compute={returnsOf}>
          {({ learned, chance }) => (
            <>
              Mean return of the same 100 episodes: <span class="number">{number(learned)}</span> as learned,{' '}
              <span class="number">{number(chance)}</span> by chance.
            </>
          )}
        </OnDemand>
        <p>
          One run is an example and no result: another seed gives other numbers. To measure, train several
          seeds and look at the interval: <code>paragrad sweep</code> and <code>paragrad compare</code> do
          that.
        </p>
        <p>
          Here is where you are:{' '}
          <span class="number">{session.value ? pair(session.value.advice(0).push) : '…'}</span> is d<i>Q</i>
          /d<i>a</i> of the first agent at this moment. Every view of this page has its own link in the
          address bar. Send one to a friend.
        </p>
      </>
    ),
  },
];
