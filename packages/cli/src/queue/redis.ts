/** The connection to Redis. Only `sweep --queue` and `worker` load this. */
import { Redis } from 'ioredis';

/** Names the variable that a URL can be in, so that a password is not in the list of processes. */
export const VARIABLE = 'PARAGRAD_QUEUE';

/** The names of BullMQ's keys. */
export const QUEUE = { name: 'runs', prefix: 'paragrad' } as const;

/** The URL of a flag, or of the variable. Throws if it is no Redis URL. Its password is never shown. */
export function queueUrl(given: string | true): string {
  const text = given === true ? process.env[VARIABLE] : given;
  if (!text)
    throw new Error(`--queue: there is no URL; give one such as redis://localhost:6379, or set ${VARIABLE}`);
  if (!URL.canParse(text) || !/^rediss?:$/.test(new URL(text).protocol)) {
    throw new Error(
      '--queue: this is not the URL of a Redis server; give one such as redis://localhost:6379, or with a password and TLS ' +
        'rediss://user:password@host:6379',
    );
  }
  return text;
}

/** Where a URL leads to, without user and password. */
export function hostOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 6379}${pathname.length > 1 ? pathname : ''}`;
}

/**
 * Connects. Throws if Redis does not answer now. If it is away later, commands wait until it is back, and `say` gets a line about
 * both.
 */
export async function connect(url: string, say: (text: string) => void): Promise<Redis> {
  const where = `Redis at ${hostOf(url)}`;
  await tryOnce(url, where, say);
  // BullMQ wants commands that wait for ever.
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(2000, 100 * times),
  });
  let isAway = false;
  let reason = '';
  redis.on('error', (error: Error) => {
    reason = ` (${error.message})`;
  });
  redis.on('reconnecting', () => {
    if (!isAway) say(`${where} is away${reason}. Waits until it is back.`);
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) say(`${where} is back.`);
    isAway = false;
    reason = '';
  });
  return redis;
}

/** The first connection shows whether the URL is right. */
async function tryOnce(url: string, where: string, say: (text: string) => void): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let reason: Error | undefined;
  redis.on('error', (error) => {
    reason ??= error;
  });
  try {
    await redis.connect();
    await redis.ping();
    if (await forgets(redis)) {
      say(`Warning: ${where} forgets everything when it ends; start it with --appendonly yes.`);
    }
  } catch (error) {
    throw new Error(
      `can't use ${where}: ${(reason ?? (error as Error)).message}; check that it runs, and the URL`,
    );
  } finally {
    redis.disconnect();
  }
}

async function forgets(redis: Redis): Promise<boolean> {
  try {
    const [, value] = (await redis.config('GET', 'appendonly')) as string[];
    return value === 'no';
  } catch {
    return false; // not everyone may ask
  }
}
