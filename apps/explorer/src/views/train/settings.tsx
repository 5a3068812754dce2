/** All settings, from the one table, with their help. */
import { useState } from 'preact/hooks';
import { type Field, fieldsOf, headings } from '../../model/settings-form.js';
import { changed, changeSetting, config, resetSettings, source } from '../../train/choice.js';

/** What may differ when a run goes on. */
const FREE = ['episodes', 'kernels', 'evaluationEpisodes', 'evaluationEvery', 'evaluationEpisodesInTraining'];
/** Chosen above. */
const ABOVE = 'scenario';

export function Settings() {
  const [sought, seek] = useState('');
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ path, meaning }: Field) =>
    words.every((word) => `${path} ${meaning}`.toLowerCase().includes(word));
  const fields = fieldsOf(config.value).filter((field) => field.path !== ABOVE && fits(field));
  const topics = Object.entries(headings).map(([topic, heading]) => ({
    topic,
    heading,
    fields: fields.filter((field) => field.topic === topic),
  }));
  const count = changed.value.length;
  return (
    <section class="settings" aria-labelledby="settings-title">
      <h3 id="settings-title">Settings</h3>
      <div class="fields">
        <label>
          <span>Search</span>
          <input
            type="search"
            value={sought}
            placeholder="such as gamma"
            onInput={({ currentTarget }) => seek(currentTarget.value)}
          />
        </label>
        {count > 0 && (
          <button type="button" onClick={resetSettings}>
            Undo {count} {count === 1 ? 'change' : 'changes'}
          </button>
        )}
      </div>
      {source.value.files && <p class="note">Of a run that goes on, only few settings may change.</p>}
      {topics.map(({ topic, heading, fields: some }) =>
        some.length > 0 ? (
          <details key={topic} open={words.length > 0}>
            <summary>{heading}</summary>
            <div class="fields">
              {some.map((field) => (
                <Setting key={field.path} field={field} />
              ))}
            </div>
          </details>
        ) : null,
      )}
      {fields.length === 0 && <p class="note">No setting has these words.</p>}
    </section>
  );
}

function Setting({ field }: { readonly field: Field }) {
  const { path, name, meaning, range, words, isSwitch, isNumber, text } = field;
  const [problem, complain] = useState('');
  const isChanged = changed.value.some(([one]) => one === path);
  const help = `help-${path}`;
  const give = (given: string) => {
    try {
      changeSetting(path, given);
      complain('');
    } catch (error) {
      complain((error as Error).message);
    }
  };
  const common = {
    id: path,
    'aria-describedby': help,
    'aria-invalid': problem !== '',
    disabled: source.value.files !== undefined && !FREE.includes(path),
  };
  return (
    <div class={isChanged ? 'setting is-changed' : 'setting'}>
      <label for={path}>
        {name}
        {isChanged && ' (changed)'}
      </label>
      {words || isSwitch ? (
        <select {...common} value={text} onChange={({ currentTarget }) => give(currentTarget.value)}>
          {(words ?? ['true', 'false']).map((word) => (
            <option key={word}>{word}</option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          type="text"
          inputMode={isNumber ? 'decimal' : 'text'}
          spellcheck={false}
          value={text}
          onChange={({ currentTarget }) => give(currentTarget.value)}
        />
      )}
      <p id={help} class={problem ? 'wrong' : 'note'}>
        {problem || `${meaning}${words || isSwitch ? '' : `; ${range}`}`}
      </p>
    </div>
  );
}
