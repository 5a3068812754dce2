import type { ScenarioName } from '@paragrad/mpe';

/** What each scenario is about, for the player. */
export const about: Readonly<Record<ScenarioName, string>> = {
  simple: 'Go to the landmark.',
  simple_adversary:
    'The good agents cover the landmark with the ring. The adversary must not see which one it is, so they cover the other one too.',
  simple_crypto:
    'Alice tells Bob which landmark has the ring. She encrypts it with the key that she carries. Eve hears every word, but has no key.',
  simple_push:
    'The agent goes to the landmark with the ring. The adversary has to guess which one it is, and pushes the agent away.',
  simple_reference:
    'Each agent knows where the other one has to go, and has to say it. A ring in the color of an agent shows where it has to go.',
  simple_speaker_listener:
    'The speaker cannot move, and the listener cannot speak. The speaker has to tell the listener where to go.',
  simple_spread: 'Cover all landmarks without bumping into each other.',
  simple_tag: 'The adversaries, with triangles, hunt the faster good agent between obstacles.',
  simple_world_comm:
    'The good agents eat, and hide in forests. The adversaries hunt them. The leader of the adversaries, with a white ring, sees everything and can tell the others.',
};
