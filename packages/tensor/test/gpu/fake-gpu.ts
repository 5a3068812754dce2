import type { GpuJs, GpuKernel, GpuMode } from '../../src/kernels/gpu/gpu-js.js';

export interface FakeOptions {
  /** The modes that run GLSL. Default headlessgl. */
  glsl?: readonly GpuMode[];
  /** What really runs a kernel when it is called. Default 'gpu'. */
  ranOn?: string;
  contextLost?: boolean;
  /** The name of the renderer. Default 'paper and pencil'. */
  renderer?: string;
  /** Every element of every result. Default 6, the right answer to the 2 x 3 that useGpu computes. */
  answer?: number;
}

/** A fake gpu.js that logs its calls. */
export function fakeGpuJs({
  glsl = ['headlessgl'],
  ranOn = 'gpu',
  contextLost = false,
  renderer = 'paper and pencil',
  answer = 6,
}: FakeOptions = {}) {
  const log = { modes: [] as GpuMode[], created: 0, alive: 0, destroyed: 0, lost: contextLost };

  class NativeContext {
    getParameter(_name: number): string {
      return renderer;
    }
  }

  class Context extends NativeContext {
    readonly RENDERER = 1;
    readonly #mode: GpuMode;

    constructor(mode: GpuMode) {
      super();
      this.#mode = mode;
    }

    override getParameter(name: number): string {
      return this.#mode === 'headlessgl' ? 'ANGLE' : super.getParameter(name);
    }

    getExtension(): null {
      return null;
    }

    getError(): number {
      return 0;
    }

    isContextLost(): boolean {
      return log.lost;
    }
  }

  class FakeGpu {
    static readonly isHeadlessGLSupported = glsl.includes('headlessgl');
    static readonly isWebGL2Supported = glsl.includes('webgl2');
    static readonly isWebGLSupported = glsl.includes('webgl');
    readonly context: Context;

    constructor({ mode }: { mode: GpuMode }) {
      log.modes.push(mode);
      this.context = new Context(mode);
    }

    addNativeFunction(): void {}

    createKernel(_source: string, { output }: { output: [number] }): GpuKernel {
      log.created++;
      log.alive++;
      const run = () => new Float32Array(output[0]).fill(answer);
      return Object.assign(run, {
        destroy: () => void log.alive--,
        kernel: { constructor: { mode: ranOn } },
      }) as unknown as GpuKernel;
    }

    async destroy(): Promise<void> {
      log.destroyed++;
    }
  }

  const GPU: GpuJs = FakeGpu;
  return { GPU, log };
}
