/** Runs pieces of work that belong together: when one fails, the signal that all of them got is aborted. */
export async function abortTogether<Result>(
  signal: AbortSignal | undefined,
  body: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  try {
    return await body(signal ? AbortSignal.any([signal, controller.signal]) : controller.signal);
  } catch (error) {
    controller.abort(error);
    throw error;
  }
}
