import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import {
  ArgumentError,
  checkArgument,
  checkNoMore,
  checkOptions,
  countArguments,
  describe,
  either,
  from0To1,
  instanceOf,
  integer,
  integerFrom1,
  likelyMeant,
  listOf,
  noSuch,
  trueOrFalse,
} from '../src/index.js';

interface Options {
  axis?: number;
  keepDim?: boolean;
}
const check = (given: unknown) =>
  checkOptions<Options>('sum', given as Options, { axis: integer, keepDim: trueOrFalse });

group('checkOptions', () => {
  test.each([{}, { axis: 1 }, { axis: -1, keepDim: true }, { axis: undefined }, Object.create(null)])(
    'takes %o',
    (given) => {
      expect(() => check(given)).not.toThrow();
    },
  );

  test.each([
    [{ dim: 1 }, 'sum: there is no option dim (did you mean axis?); the options are axis, keepDim'],
    [
      { keepdim: true },
      'sum: there is no option keepdim (did you mean keepDim?); the options are axis, keepDim',
    ],
    [{ dim: undefined }, 'sum: there is no option dim (did you mean axis?)'],
    [{ constructor: 1 }, 'sum: there is no option constructor; the options are axis, keepDim'],
    [{ axis: '1' }, 'sum: axis is "1"; give an integer'],
    [{ axis: Number.NaN }, 'sum: axis is NaN; give an integer'],
    [{ keepDim: 1 }, 'sum: keepDim is 1; give true or false'],
    [
      1,
      'sum: 1 stands where the options do; give an object such as { axis: 1 }. The options are axis, keepDim',
    ],
    [true, 'sum: true stands where the options do; give an object such as { keepDim: true }.'],
    [0.5, 'sum: 0.5 stands where the options do; give an object such as { axis: ... }.'],
    [null, 'sum: null stands where the options do'],
    [[0], 'sum: [0] stands where the options do'],
    [[], 'sum: [] stands where the options do'],
    [new Map([[1, 2]]), 'sum: a Map stands where the options do'],
    [new Date(), 'sum: a Date stands where the options do'],
    [Math.max, 'sum: the function max stands where the options do'],
    [
      new (class Tensor {
        shape = [1];
      })(),
      'sum: a Tensor stands where the options do',
    ],
  ])('%o: %s', (given, message) => {
    expect(() => check(given)).toThrow(message);
  });

  test('a required option must be given', () => {
    const required = (given: { to?: number }) =>
      checkOptions<{ to?: number }>('count', given, { to: integer }, ['to']);
    expect(() => required({ to: 3 })).not.toThrow();
    expect(() => required({})).toThrow('count: to is missing; give an integer');
  });

  test('a required option that is missing or undefined is refused', () => {
    const size = (given: Options) =>
      checkOptions<Options>('size', given, { axis: integer, keepDim: trueOrFalse }, ['axis']);
    expect(() => size({ axis: 0 })).not.toThrow();
    for (const given of [{ keepDim: true }, { axis: undefined } as unknown as Options]) {
      expect(() => size(given)).toThrow('size: axis is missing; give an integer');
    }
  });

  test('the errors can be told apart from others', () => {
    expect(() => check({ dim: 1 })).toThrow(ArgumentError);
  });
});

test('checkArgument', () => {
  expect(() => checkArgument('f', 'tau', 2, from0To1)).toThrow('f: tau is 2; give a number from 0 to 1');
  expect(() => checkArgument('f', 'tau', 1, from0To1)).not.toThrow();
});

group('checkNoMore', () => {
  const checkIndexAndArray = (...given: unknown[]) => checkNoMore('exp', given, 1);
  const add = (...given: unknown[]) => checkNoMore('add', given, 2);

  test('refuses what a function has no parameter for', () => {
    expect(() => add(1, 2)).not.toThrow();
    expect(() => add()).not.toThrow();
    expect(() => add(1, 2, { alpha: 3 })).toThrow(
      'add: there is a further argument, { alpha: 3 }; give at most 2 arguments',
    );
    expect(() => add(1, 2, undefined)).toThrow('add: there is a further argument, undefined; give at most 2');
    expect(() => checkNoMore('relu', [true], 0)).toThrow(
      'relu: there is a further argument, true; give none',
    );
  });

  test('allows what methods of arrays pass', () => {
    expect(() => [1, 2, 3].forEach(checkIndexAndArray)).not.toThrow();
  });
});

group('instanceOf', () => {
  const aBox = instanceOf(class Box {}, 'a Box');
  class Other {}
  const copy = (() => {
    class Box {}
    class LargeBox extends Box {}
    return new LargeBox();
  })();

  test('says so if another copy of the class has made the value', () => {
    for (const check of [aBox, either(integer, aBox)]) {
      expect(() => checkArgument('open', 'it', copy, check)).toThrow(
        /^open: it is a Box of another copy of the package: two copies are loaded.*`npm ls` shows/,
      );
    }
    expect(() => checkArgument('open', 'all', [copy], listOf(aBox))).toThrow(
      'open: all has element 0, which is a Box of another copy',
    );
  });

  test('and otherwise what the value is', () => {
    for (const value of [
      new Other(),
      null,
      undefined,
      'Box',
      {},
      { constructor: null },
      Object.create(null),
    ]) {
      expect(() => checkArgument('open', 'it', value, aBox)).toThrow(/^open: it is .*; give a Box$/);
    }
  });

  test('another class with the same name is no copy', () => {
    class Module {
      forward() {}
    }
    const wasm = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    expect(() => checkArgument('open', 'it', wasm, instanceOf(Module, 'a Module of ours'))).toThrow(
      'open: it is a Module; give a Module of ours',
    );
  });

  test('names that a minifier has made say nothing', () => {
    const minified = [0, 1].map(() => class e {});
    expect(() => checkArgument('open', 'it', new minified[0](), instanceOf(minified[1], 'a Box'))).toThrow(
      'open: it is a e; give a Box',
    );
  });
});

group('countArguments', () => {
  let changes = 0;
  class Numbers {
    sum(options?: Options): string {
      if (options !== undefined) check(options);
      return 'sum';
    }
    plus(other: number): number {
      return other + 1;
    }
    change(_how: () => void): void {
      changes++;
    }
    clear(): void {
      changes++;
    }
  }
  countArguments(Numbers);
  const numbers = new Numbers() as unknown as Record<keyof Numbers, (...args: unknown[]) => unknown>;

  test('what fits is passed on, with this and the name', () => {
    expect([numbers.sum({ axis: 0 }), numbers.sum(), numbers.plus(1)]).toEqual(['sum', 'sum', 2]);
    expect(numbers.sum.name).toBe('sum');
  });

  test.each([
    ['plus', [1, 2], 'plus: there is a further argument, 2; give at most 1'],
    ['clear', [true], 'clear: there is a further argument, true; give none'],
    ['change', [() => {}, 1], 'change: there is a further argument, 1; give at most 1'],
    ['sum', [{ axis: 1 }, true], 'sum: there is a further argument, true; give at most 1'],
    ['sum', [1, true], 'sum: 1 stands where the options do; give an object such as { axis: 1 }.'],
  ] as const)('%s(...%j)', (name, args, message) => {
    changes = 0;
    expect(() => numbers[name](...args)).toThrow(message);
    expect(changes, 'a refused call changes nothing').toBe(0);
  });
});

group('likelyMeant', () => {
  const known = ['axis', 'keepDim', 'lr', 'weightDecay', 'batchSize', 'criticLearningRate'];
  test.each([
    ['dim', 'axis'],
    ['keep_dim', 'keepDim'],
    ['learningRate', 'lr'],
    ['keepdims', 'keepDim'],
    ['weightdecay', 'weightDecay'],
    ['batchsize', 'batchSize'],
    ['critcLearningRate', 'criticLearningRate'],
    ['banana', undefined],
    ['x', undefined],
  ])('%s: %s', (given, meant) => {
    expect(likelyMeant(given, known)).toBe(meant);
  });

  const scenarios = ['simple', 'simple_push', 'simple_spread', 'simple_tag', 'simple_world_comm'];
  test.each([
    ['simple_spread_v3', 'simple_spread'],
    ['simple_v3', 'simple'],
    ['mpe2.simple_spread_v3', 'simple_spread'],
    ['pettingzoo.mpe.simple_tag_v3', 'simple_tag'],
    ['simple_spred_v3', 'simple_spread'],
    ['spread', 'simple_spread'],
    ['WorldComm', 'simple_world_comm'],
    ['connect_four_v3', undefined],
  ])('%s: %s', (given, meant) => {
    expect(likelyMeant(given, scenarios)).toBe(meant);
  });

  const settings = ['gamma', 'tau', 'maxGradNorm', 'lrDecay', 'hidden', 'actorLr', 'criticLr', 'critic'];
  test.each([
    ['learningRate', 'actorLr or criticLr'],
    ['lr', 'actorLr or criticLr'],
    ['lr_critic', 'criticLr'],
    ['actor_learning_rate', 'actorLr'],
    ['hiddenSizes', 'hidden'],
    ['net_arch', 'hidden'],
    ['target_tau', 'tau'],
    ['discount_factor', 'gamma'],
    ['gradient_clip_norm', undefined],
    ['grad_norm', 'maxGradNorm'],
    ['policy_kwargs', undefined],
  ])('%s: %s', (given, meant) => {
    expect(likelyMeant(given, settings)).toBe(meant);
  });

  test('it may be in another place', () => {
    const further = { 'settings.*': settings, '* of train': ['batchSize'] };
    const error = (name: string) => noSuch('option', name, ['seed'], '', further);
    expect(error('gamma')).toBe('no option gamma (did you mean settings.gamma?); the options are seed');
    expect(error('lr')).toMatch(/\(did you mean settings.actorLr or settings.criticLr\?\)/);
    expect(error('batch_size')).toMatch(/\(did you mean batchSize of train\?\)/);
    expect(error('sead')).toMatch(/\(did you mean seed\?\)/);
    expect(error('banana')).toBe('no option banana; the options are seed');
  });
});

group('describe', () => {
  test.each([
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [undefined, 'undefined'],
    [null, 'null'],
    ['a', '"a"'],
    [10n, '10n'],
    [Symbol('s'), 'Symbol(s)'],
    [[1, [Number.NaN]], '[1, [NaN]]'],
    [Array.from({ length: 9 }, (_, k) => k), '[0, 1, 2, 3, 4, 5, 6, 7, ...]'],
    [Float32Array.of(1, 2), 'Float32Array [1, 2]'],
    [{ a: 1, b: { c: 2 } }, '{ a: 1, b: { c: 2 } }'],
    [new Date(0), 'a Date'],
    [Math.max, 'the function max'],
  ])('%o', (value, words) => {
    expect(describe(value)).toBe(words);
  });

  test('is short and never throws', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    const broken = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
        getPrototypeOf: () => null,
      },
    );
    expect(describe(circle)).toBe('[[[...]]]');
    expect(describe(broken)).toBe('an object that cannot be read');
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
        (value) => {
          expect(describe(value).length).toBeLessThan(20_000);
        },
      ),
    );
  });
});

test('a whole number is safe: 2^53 is not', () => {
  expect(integerFrom1.accepts(2 ** 53)).toBe(false);
  expect(integerFrom1.accepts(2 ** 53 - 1)).toBe(true);
});
