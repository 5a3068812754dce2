import type { ComponentType } from 'preact';
import type { Address } from '../address.js';
import {
  gradientsInActors,
  inputSizes,
  returnsOf,
  slopeCheck,
  targetDistance,
  throughTanh,
  valueIfOpposite,
} from '../model/tour-numbers.js';
import { inWords, number } from '../numbers.js';
import { Now, OnDemand, Show } from './live.js';

export interface Chapter {
  readonly title: string;
  /** What the address says in this chapter. */
  readonly page: Partial<Address>;
  /** How many agents it is about, at least. */
  readonly needs?: number;
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
          This is a tour through MADDPG: how several agents learn by a gradient (multi-agent deep
          deterministic policy gradient). It begins with one.
        </p>
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
          <Show page={{ overlay: 'places' }}>Show Q for every place</Show> it could be. Nobody told the critic
          which place is best. It has learned that from rewards alone, and it is a guess, a little wrong.
        </p>
      </>
    ),
  },
  {
    title: 'The chain rule through Q',
    page: { run: 'simple', seed: 6, step: 7, overlay: 'actions' },
    Text: () => (
      <>
        <p>
          Nobody tells the actor which push would have been right. But the critic is a function of the push,
          so it has a slope there: d<i>Q</i>/d<i>a</i>. It is the colored arrow at the tip of the dark one. It
          says how to change this push a little so that <i>Q</i> grows fastest. It is longer where <i>Q</i> is
          steeper: half as long as a full push if the slope is what is usual in this scenario. The square
          around the agent shows <i>Q</i> for every push that it could choose.
        </p>
        <p>
          Checked here: a push that is <Now of={(session, i) => slopeCheck(session, i).step} /> longer in the
          arrow's direction should change <i>Q</i> by{' '}
          <Now of={(session, i) => slopeCheck(session, i).predicted} />. It changes by{' '}
          <Now of={(session, i) => slopeCheck(session, i).actual} />.
        </p>
        <p>
          The push comes from the actor's weights θ, and that function has a slope, too. The chain rule
          multiplies both: d<i>Q</i>/dθ = d<i>Q</i>/d<i>a</i> · d<i>a</i>/dθ. The gradient goes through the
          critic to the action, and on into the actor. Only the actor's weights take a step. This is the
          deterministic policy gradient.
        </p>
        <p>
          An actor ends in a tanh, which keeps pushes between −1 and 1. Near these limits it is flat, and
          almost no gradient passes on. Of the two numbers of this push,{' '}
          <Now of={(session, i) => throughTanh(session, i)} /> of their gradients do.
        </p>
      </>
    ),
  },
  {
    title: 'Three agents, and the ground moves',
    page: { run: 'spread', seed: 8, step: 7 },
    needs: 2,
    Text: () => (
      <>
        <p>
          Now there are three, and they share one reward: every landmark should have an agent near it, and
          agents should not collide. What {me()} gets depends on what the others do. Its critic says{' '}
          <Now of={(session, i) => session.advice(i).value} />. (The others' critics say something else of the
          same reward: each has its own guess.) If {other()} pushed the opposite way, it would say{' '}
          <Now of={(session, i) => valueIfOpposite(session, i, (i + 1) % session.agents.length)} />.
        </p>
        <p>
          A critic that knows only what {me()} sees and does must guess what the others will do. While they
          learn, they do other things, so its guess is wrong again and again. The ground moves under it, and
          it cannot see why.
        </p>
        <p>
          Drag {other()} somewhere else, and watch the colored arrow of {me()} and its <i>Q</i>.
        </p>
      </>
    ),
  },
  {
    title: 'What the critic sees, and the actor may not',
    page: { run: 'spread', seed: 8, step: 7, overlay: 'arrows' },
    needs: 2,
    Text: () => (
      <>
        <p>
          The remedy of MADDPG: in training, let the critic see everything. The actor of {me()} gets{' '}
          <Now of={({ algorithm }, i) => inputSizes(algorithm, i).actor} /> numbers, what the agent itself
          observes: where it is, how fast, and where the landmarks and the others are. Its critic gets{' '}
          <Now of={({ algorithm }, i) => inputSizes(algorithm, i).critic} />: the observations and the actions
          of all agents. If it knows what the others do, the ground stands still.
        </p>
        <p>
          Why not give all that to the actor, too? Because nobody will tell it what the others see and do when
          it plays. A critic is needed only to learn, and may know more. So training is centralized, and
          playing is not.
        </p>
        <p>
          The field of short lines shows d<i>Q</i>/d<i>a</i> for {me()} at every place it could be. It depends
          on what all the others see and do there, too. At the end of{' '}
          <Show page={{ view: 'mistakes' }}>Break it</Show> is how much <i>Q</i> changes with each agent's
          observation and action. For a critic that knows only its own agent, those of the others are 0.
        </p>
      </>
    ),
  },
  {
    title: 'Detach: my gradient, my actor',
    page: { run: 'spread', seed: 8, step: 7, view: 'gradient' },
    needs: 2,
    Text: () => (
      <>
        <p>
          The loss of {me()}'s actor is −<i>Q</i>, and this <i>Q</i> depends on the actions of all. So the
          gradient could also flow into the others' actions, and on into their actors. Then {me()} would teach
          them to serve its own critic. Among rivals that is fatal: each would teach the others to lose. Even
          with one reward for all, they would learn from a critic that is not theirs.
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
        <p>
          Click a box of the graph to see what is in it. Then{' '}
          <Show page={{ view: 'mistakes', mistakes: ['no-detach'] }}>take the detach away</Show>, and train
          the rivals there, right and broken.
        </p>
      </>
    ),
  },
  {
    title: 'Targets: a goal that holds still',
    page: { run: 'spread', seed: 19, step: 7, view: 'update' },
    needs: 2,
    Text: () => (
      <>
        <p>
          How does a critic learn without an answer to compare with? From itself, one step later. Its goal is
          the reward of this step, plus γ times a guess for the next state, where everybody does what actors
          say. With γ = <Now of={({ algorithm }) => algorithm.settings.gamma} /> the rewards of about{' '}
          <Now of={({ algorithm }) => Math.round(1 / (1 - algorithm.settings.gamma))} /> steps count, from now
          on.
        </p>
        <p>
          But a step that raises the guess here raises the guess there, too. The goal would run away from the
          critic that follows it. So the goal is computed by <b>target networks</b>: copies of critic and
          actors that follow slowly. After each update they come closer by τ ={' '}
          <Now of={({ algorithm }) => algorithm.settings.tau} /> of the way. Now the weights of {me()}'s
          target critic are{' '}
          <Now of={({ algorithm }, i) => `${number(100 * targetDistance(algorithm, i))} %`} /> away from those
          of the critic.
        </p>
        <p>
          Press One step, and go through a whole update: for each agent the critic's step, then the actor's.
          At the end <Show page={{ phase: 99 }}>the targets follow</Show>.
        </p>
      </>
    ),
  },
  {
    title: 'Exploration',
    page: { run: 'spread', seed: 19 },
    Text: () => (
      <>
        <p>
          An actor that is asked twice answers twice the same. It would never find out what else there is. So
          training adds noise to every action: in the beginning with a standard deviation of{' '}
          <Now of={({ run }) => run.config.exploration.initial} />, where a full push is 1, and less and less
          later.
        </p>
        <p>
          Every step is remembered: what all saw and did, what they got, and what they saw then. Each update
          draws a batch of such memories at random, so that one lucky episode does not decide.
        </p>
        <p>The noise is only for learning. Whoever plays leaves it out.</p>
        <OnDemand ask="Play 100 episodes with and without noise" compute={returnsOf}>
          {({ learned, noisy }) => (
            <>
              Sum of an agent's rewards in an episode, mean of 100:{' '}
              <span class="number">{number(learned)}</span> without noise,{' '}
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
          This policy comes from a run of <Now of={({ run }) => run.config.episodes.toLocaleString('en')} />{' '}
          episodes. Press Play, and watch who goes where: nobody assigned the landmarks.
        </p>
        <OnDemand ask="Play 100 episodes, learned and by chance" compute={returnsOf}>
          {({ learned, chance }) => (
            <>
              Mean return of the same 100 episodes: <span class="number">{number(learned)}</span> as learned,{' '}
              <span class="number">{number(chance)}</span> by chance. (A return is the sum of rewards in an
              episode.)
            </>
          )}
        </OnDemand>
        <p>
          One run is an example and no result: another seed gives other numbers. To measure, train several
          seeds and look at the interval: <code>paragrad sweep</code> and <code>paragrad compare</code> do
          that.
        </p>
        <p>
          Now <Show page={{ view: 'train' }}>train one yourself</Show>, or open a run of yours there. Every
          view of this page has its own link in the address bar. Send one to a friend.
        </p>
      </>
    ),
  },
];
