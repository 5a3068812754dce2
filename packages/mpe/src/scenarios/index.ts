// The nine scenarios, by the names that `makeEnv` takes.

export { simple } from './simple.js';
export { simpleAdversary as simple_adversary } from './simple-adversary.js';
export { simpleCrypto as simple_crypto } from './simple-crypto.js';
export { simplePush as simple_push } from './simple-push.js';
export { simpleReference as simple_reference } from './simple-reference.js';
export { simpleSpeakerListener as simple_speaker_listener } from './simple-speaker-listener.js';
export { simpleSpread as simple_spread } from './simple-spread.js';
export { simpleTag as simple_tag } from './simple-tag.js';
export { simpleWorldComm as simple_world_comm } from './simple-world-comm.js';
