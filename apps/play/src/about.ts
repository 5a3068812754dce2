import type { ScenarioName } from '@paragrad/mpe';

/** What each scenario is about, for who plays it. */
export const about: Readonly<Record<ScenarioName, string>> = {
  simple: 'Go to the landmark.',
  simple_adversary:
    'The good agents cover the ringed landmark without showing the adversary which one it is: they cover the other too.',
  simple_crypto:
    'Alice tells Bob the ringed landmark, encrypted by the key that she bears. Eve hears every word, and has no key.',
  simple_push:
    'The agent goes to the ringed landmark. The adversary has to guess which it is, and to push it away.',
  simple_reference:
    'Each agent knows where the other has to go, which a ring in its color shows, and has to say it.',
  simple_speaker_listener:
    'The speaker can’t move, and the listener can’t speak: it has to be told where to go.',
  simple_spread: 'Cover all landmarks, without bumping into one another.',
  simple_tag: 'The adversaries, with triangles, hunt the faster good agent between obstacles.',
  simple_world_comm:
    'The good agents eat, and hide in forests. The adversaries hunt them, and their leader, with a ring, sees all and tells the others.',
};
