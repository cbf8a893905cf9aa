import type { Progress } from "../progress.js";

/** One bar for many legs that run at once: each leg has a weight, and its own progress counts for its share. */
export interface SharedProgress {
  /** A listener for one leg; it may end early, `finish` completes it. */
  leg(weight: number, note: string): { readonly onProgress: (progress: Progress) => void; finish(): void };
}

/** Adds the progress of legs up to `total` weights and reports it as `task`. */
export function shareProgress(
  task: string,
  total: number,
  onProgress: ((progress: Progress) => void) | undefined,
): SharedProgress {
  let done = 0;
  return {
    leg(weight, note) {
      let counted = 0;
      const count = (share: number): void => {
        const now = weight * Math.min(1, Math.max(0, share));
        if (now <= counted) return;
        done += now - counted;
        counted = now;
        onProgress?.({ task, done: Math.min(done, total), total, note });
      };
      return { onProgress: (progress) => count(progress.done / progress.total), finish: () => count(1) };
    },
  };
}
