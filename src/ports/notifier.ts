/** What is told after a run: nothing in it is personal. */
export interface Notification {
  readonly title: string;
  /** One fact a line. */
  readonly lines: readonly string[];
  readonly isGood: boolean;
  /** Page of the CI job, where there is one. */
  readonly url?: string | undefined;
}

/** Tells people elsewhere how a run ended. Errors: `denied`, `unavailable`, `usage`; the caller turns them into a warning. */
export interface Notifier {
  /** Where it goes, without secrets. */
  readonly name: string;
  send(notification: Notification): Promise<void>;
}
