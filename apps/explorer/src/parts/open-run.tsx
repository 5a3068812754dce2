/** Opens a run from the reader's disk: chosen, or dropped anywhere on the page. */
import { problem } from '../state.js';
import { chosenFiles, droppedFiles, readRun } from '../train/read-run.js';
import { openOwn } from '../train/training.js';

async function open(files: ReadonlyMap<string, File>): Promise<void> {
  try {
    openOwn(await readRun(files));
  } catch (error) {
    problem.value = (error as Error).message;
  }
}

function choose(kind: 'folder' | 'zip'): void {
  const input = document.createElement('input');
  input.type = 'file';
  if (kind === 'folder') input.webkitdirectory = true;
  else input.accept = '.zip';
  input.onchange = () => void open(chosenFiles(input));
  input.click();
}

/** From now on, a folder or a zip that is dropped on the page is opened. */
export function openWhatIsDropped(): void {
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', async (event) => {
    event.preventDefault();
    if (event.dataTransfer) void open(await droppedFiles(event.dataTransfer));
  });
}

export function OpenRun() {
  return (
    <>
      <button type="button" onClick={() => choose('folder')}>
        Open a run's folder
      </button>
      <button type="button" onClick={() => choose('zip')}>
        Open a .zip
      </button>
    </>
  );
}
