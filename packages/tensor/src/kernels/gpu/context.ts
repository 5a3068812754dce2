import type { GlContext, GpuMode } from './gpu-js.js';

/** The renderer's name as WebGL reports it, such as 'ANGLE (Intel, Mesa Intel(R) UHD Graphics, OpenGL 4.6)'. */
export function rendererOf(gl: GlContext, mode: GpuMode): string {
  if (mode === 'headlessgl') {
    // headless-gl always answers 'ANGLE'. The native class that its own class extends knows the real name.
    const native: Partial<GlContext> = Object.getPrototypeOf(Object.getPrototypeOf(gl));
    return String((native.getParameter ?? gl.getParameter).call(gl, gl.RENDERER));
  }
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

/** Whether the renderer is a program that runs GLSL on the CPU, such as the ones of Mesa, Chromium and Windows. */
export function isSoftware(renderer: string): boolean {
  return /llvmpipe|softpipe|swrast|software|swiftshader|microsoft basic render/i.test(renderer);
}

/** Whether the context is lost: then it cannot compute any more. */
export function isLost(gl: GlContext): boolean {
  try {
    if (!gl.isContextLost()) gl.getError(); // headless-gl never reports a lost context, but then throws at any call
    return gl.isContextLost();
  } catch {
    return true;
  }
}
