/** What the endpoints of a chain can't do and what that costs: each said once, until the program starts again. */
export class Warnings {
  private readonly texts = new Map<string, string>();

  /** @param about what it is about; a later text about the same replaces it */
  add(about: string, text: string): void {
    this.texts.set(about, text);
  }

  remove(about: string): void {
    this.texts.delete(about);
  }

  list(): string[] {
    return [...this.texts.values()];
  }
}
