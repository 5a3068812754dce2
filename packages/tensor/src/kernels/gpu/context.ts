import type { GlContext, GpuMode } from './gpu-js.js';

/** What WebGL says it draws with, such as 'ANGLE (Intel, Mesa Intel(R) UHD Graphics, OpenGL 4.6)'. */
export function rendererOf(gl: GlContext, mode: GpuMode): string {
  if (mode === 'headlessgl') {
    // headless-gl answers 'ANGLE' whatever the renderer; the native class that its own one extends knows more.
    const native: Partial<GlContext> = Object.getPrototypeOf(Object.getPrototypeOf(gl));
    return String((native.getParameter ?? gl.getParameter).call(gl, gl.RENDERER));
  }
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

/** Whether the renderer is a program that runs GLSL on the CPU: Mesa's, Chromium's, or that of Windows. */
export function isSoftware(renderer: string): boolean {
  return /llvmpipe|softpipe|swrast|software|swiftshader|microsoft basic render/i.test(renderer);
}

/** Whether nothing can be computed in the context any more. */
export function isLost(gl: GlContext): boolean {
  try {
    if (!gl.isContextLost()) gl.getError(); // headless-gl never says so, but throws at any call
    return gl.isContextLost();
  } catch {
    return true;
  }
}
