declare module 'asl-validator' {
  /** What is wrong with a state machine, by JSON schemas, targets of transitions and paths. */
  export default function validate(definition: unknown): {
    readonly isValid: boolean;
    readonly errorsText: () => string;
  };
}
