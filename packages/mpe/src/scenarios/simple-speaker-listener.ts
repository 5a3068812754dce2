import { scatter, squaredDistance } from '../geometry.js';
import { defineScenario } from '../scenario.js';
import { makeAgents, makeLandmarks, makeWorld, type RGB } from '../world.js';

const COLORS: readonly RGB[] = [
  [0.65, 0.15, 0.15],
  [0.15, 0.65, 0.15],
  [0.15, 0.15, 0.65],
];

/**
 * Cooperative communication: the speaker cannot move, the listener cannot speak. The speaker tells the listener where to
 * go.
 */
export const simpleSpeakerListener = defineScenario({
  name: 'simple_speaker_listener',
  version: 4,
  params: {},

  create() {
    const traits = { size: 0.075, color: [0.25, 0.25, 0.25] as RGB };
    const [speaker] = makeAgents(1, 'speaker', { ...traits, movable: false, silent: false });
    const [listener] = makeAgents(1, 'listener', traits);
    const agents = [speaker, listener];
    const landmarks = makeLandmarks(3, { size: 0.04, color: COLORS[0] });
    landmarks.forEach((landmark, i) => {
      landmark.color = COLORS[i];
    });
    speaker.goalA = listener;
    speaker.goalB = landmarks[0];

    const reward = () => -squaredDistance(listener, speaker.goalB!);

    return {
      world: makeWorld({ agents, landmarks, dimC: 3, collaborative: true }),

      reset(random) {
        speaker.goalB = landmarks[random.integer(3)];
        const [red, green, blue] = speaker.goalB.color;
        listener.color = [red + 0.45, green + 0.45, blue + 0.45];
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      reward,

      observe(agent, out) {
        if (agent === speaker) {
          out.numbers(speaker.goalB!.color);
          return;
        }
        out.velocity(agent);
        out.relatives(agent, landmarks);
        out.utterance(speaker);
      },

      /** The reward: minus the squared distance from the listener to the goal. */
      benchmark: reward,
    };
  },
});
