let channel: MessageChannel | undefined;
const waiting: (() => void)[] = [];

/** Lets the event loop run once: cancellation, progress and pages stay alive between two pieces of long work. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    // setTimeout waits at least a millisecond, in pages four: setImmediate is Node's, a message to oneself the page's.
    if (typeof setImmediate === "function") setImmediate(resolve);
    else {
      waiting.push(resolve);
      channel ??= openChannel();
      channel.port2.postMessage(undefined);
    }
  });
}

function openChannel(): MessageChannel {
  const opened = new MessageChannel();
  opened.port1.onmessage = () => waiting.shift()?.();
  return opened;
}
