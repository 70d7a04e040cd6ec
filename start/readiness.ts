/** Whether the API says that history is indexed and the head is near. */
export async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/ready', url))).status === 200;
  } catch {
    return false;
  }
}
