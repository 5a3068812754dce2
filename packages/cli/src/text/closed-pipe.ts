/** As other programs do: 128 and the number of SIGPIPE. */
const EXIT_CODE = 128 + 13;

let onClosed: () => void = () => process.exit(EXIT_CODE);

/**
 * From now on, the program ends quietly when nobody reads its output any more, as in `paragrad list | head -1`. Call it once, before
 * anything is printed.
 */
export function watchPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      onClosed();
    });
  }
}

/** Something else is done instead, for example because a training must be saved. It may be called several times. */
export function whenPipeCloses(action: () => void): void {
  onClosed = action;
}
