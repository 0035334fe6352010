import type { Room } from '../room.ts';
import type { WizardState } from '../wizard-state.ts';

/** The commands that do the same without anybody to ask. */
export function batchCommands({ configFile, root }: Room, { useCase, planHash }: WizardState): string[] {
  const isDefault = configFile === `${root}/lakelift.yaml`;
  const lakelift = isDefault ? 'lakelift' : `lakelift --config ${configFile}`;
  const id = useCase!;
  return [
    `${lakelift} doctor`,
    `${lakelift} map ${id}`,
    `${lakelift} plan ${id}`,
    `${lakelift} run ${id} --no-input --plan ${planHash ?? '<hash>'}`,
    `${lakelift} accept ${id} --no-input --report <sha256> --decision accepted --by <name> --role <role>`,
  ];
}
