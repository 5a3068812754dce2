/** What a shell takes as it is. On Windows, backslashes separate folders. */
const PLAIN = process.platform === 'win32' ? /^[\w.\\/:@+=,-]+$/ : /^[\w./:@+=,-]+$/;

/** A path as part of a command that someone may copy: in quotes if a shell would read it otherwise. */
export function asArgument(path: string): string {
  if (PLAIN.test(path)) return path;
  return process.platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`;
}
