import { PlatformError } from '@paragrad/check';
// Our own types for the part of gpu.js that is used here. The types of gpu.js need the DOM library and are incomplete.

/** The modes of gpu.js that run GLSL. The others do not: cpu and webasm, and gpu or no mode, which may become either. */
export type GpuMode = 'headlessgl' | 'webgl2' | 'webgl';

export interface GpuJs {
  readonly isHeadlessGLSupported: boolean;
  readonly isWebGL2Supported: boolean;
  readonly isWebGLSupported: boolean;
  new (settings: { mode: GpuMode }): Gpu;
}

export interface Gpu {
  /** Null until the first kernel is created. */
  readonly context: GlContext | null;
  /** Adds a GLSL function that kernels can call. */
  addNativeFunction(name: string, glsl: string, settings: Pick<NativeFunction, 'returnType'>): void;
  createKernel(source: string, settings: GpuKernelSettings): GpuKernel;
  /** Destroys all kernels, and the context. */
  destroy(): Promise<void>;
}

export interface NativeFunction {
  readonly name: string;
  readonly returnType: 'Integer' | 'Number';
  readonly glsl: string;
}

export interface GpuKernelSettings {
  readonly output: [length: number];
  readonly precision: 'single';
  readonly tactic: 'precision';
}

export interface GpuKernel {
  (...inputs: Float32Array[]): Float32Array;
  destroy(): void;
  /** The kernel that ran the last call. gpu.js replaces it when it falls back to the CPU. */
  readonly kernel: { readonly constructor: { readonly mode: string } };
}

export interface GlContext {
  readonly RENDERER: number;
  getParameter(name: number): unknown;
  getExtension(name: 'WEBGL_debug_renderer_info'): { readonly UNMASKED_RENDERER_WEBGL: number } | null;
  getError(): number;
  isContextLost(): boolean;
}

/** Loads gpu.js, an optional peer dependency. Throws if it is not installed. */
export async function loadGpuJs(): Promise<GpuJs> {
  try {
    const loaded = (await import('gpu.js')) as unknown as { GPU?: GpuJs; default: { GPU: GpuJs } };
    return loaded.GPU ?? loaded.default.GPU; // the browser build of gpu.js has only a default export
  } catch (cause) {
    throw new PlatformError('useGpu: the package gpu.js could not be loaded; run npm install gpu.js', {
      cause,
    });
  }
}

/**
 * The mode to request by name. Without a name, gpu.js may silently use WebAssembly or the CPU, and still report
 * `isGPUSupported` as true. Throws if no mode runs GLSL.
 */
export function chooseMode(
  gpuJs: Pick<GpuJs, 'isHeadlessGLSupported' | 'isWebGL2Supported' | 'isWebGLSupported'>,
): GpuMode {
  if (gpuJs.isHeadlessGLSupported) return 'headlessgl';
  if (gpuJs.isWebGL2Supported) return 'webgl2';
  if (gpuJs.isWebGLSupported) return 'webgl';
  throw new PlatformError(
    'useGpu: gpu.js finds no WebGL here, so it would run on the CPU. ' +
      'In a browser, turn on WebGL (hardware acceleration). ' +
      'In Node, build the native package `gl` and provide a display: on Debian, ' +
      'apt-get install libxi-dev xvfb, build with `npm install gl` (in a clone of Paragrad: ' +
      '`node scripts/build-gl.mjs`, see CONTRIBUTING.md), and run under `xvfb-run -a`',
  );
}
