/**
 * Keeps the page for a reload without a connection, by a service worker, where the browser allows one: over https, or on this machine. Without one
 * the page works, while it is open, as it does with one.
 */
export async function keepPage(): Promise<void> {
  const workers = (navigator as { readonly serviceWorker?: ServiceWorkerContainer }).serviceWorker;
  await workers?.register('./service-worker.js').catch(() => undefined);
}
