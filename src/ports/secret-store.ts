/** Where secrets stand that are in no file and no variable of this machine. */
export interface SecretStore {
  /** The text of a secret as it is now, or of one version of it. Throws `not-found`, `denied`, and `unsupported` for one that is no text. */
  read(secret: string, version?: string): Promise<string>;
}
