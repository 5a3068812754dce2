/** The run from and to the disk. */
import { useState } from 'preact/hooks';
import { OpenRun } from '../../parts/open-run.js';
import { save, training } from '../../train/training.js';
import { canWriteFolders, chooseFolder, download, writeFolder } from '../../train/write-run.js';

export function Disk() {
  const [said, say] = useState('');
  const { scenario } = training.started.value?.config ?? {};
  const telling = (action: () => Promise<string>) => () => {
    say('Saving …');
    action().then(say, (error: Error) => say(`It could not be saved: ${error.message}`));
  };
  return (
    <section class="disk" aria-labelledby="disk-title">
      <h3 id="disk-title">On your disk</h3>
      <p class="note">
        A run goes on in the command where it stopped here, and the other way round, as if in one piece:{' '}
        <code>paragrad resume &lt;folder&gt;</code>
      </p>
      <div class="buttons">
        {scenario && training.phase.value !== 'failed' && (
          <>
            {canWriteFolders && (
              <button
                type="button"
                onClick={telling(async () => {
                  const folder = await chooseFolder(scenario);
                  if (!folder) return 'Not saved: no folder was chosen.';
                  await writeFolder(folder, await save());
                  return `Saved to the folder ${folder.name}.`;
                })}
              >
                Save to a folder
              </button>
            )}
            <button
              type="button"
              onClick={telling(async () => {
                download(`${scenario}-page`, await save());
                return 'Downloaded as a zip.';
              })}
            >
              Download as .zip
            </button>
          </>
        )}
        <OpenRun />
      </div>
      <p role="status" class="note">
        {said}
      </p>
    </section>
  );
}
