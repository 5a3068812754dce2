import { Command, Option } from 'commander';
import { exportCommand, exportFormats } from '../export.js';
import { checkpointOption } from './parsers.js';

export const exportProgram = new Command('export')
  .description('write each actor of a run to a file of its own, with which it acts in other programs')
  .argument('<run>', 'folder of the run, written by train')
  .addOption(
    new Option(
      '--to <format>',
      'onnx: models for onnxruntime; pytorch: safetensors, and Python that loads them',
    )
      .choices(exportFormats)
      .makeOptionMandatory(),
  )
  .option('--out <folder>', 'folder for the files (default: a folder in the run, named as the format)')
  .addOption(checkpointOption())
  .option('--json', 'print the names of the files as JSON')
  .action((run, options) => exportCommand(run, options));
