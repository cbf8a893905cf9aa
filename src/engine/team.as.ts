/**
 * Work on partitions: contiguous ranges of own atoms, as many as the host asked for, run by however many threads there
 * are. What a partition adds up depends on the partition alone and sums over partitions are taken in their order, so
 * that results have the same bits for any number of threads.
 *
 * One memory has one team, in static room. The thread that calls the exports leads it; the others run `serve` in
 * instances of their own over the same memory. A job is a function in the table, which is the same in every instance. It
 * is over when every partition is done, not when every thread has answered: a thread that comes late finds nothing left.
 * Waiting threads poll for about 100 us, since waking one that sleeps takes as long, then sleep.
 */

/** Work on one partition; `argument` is the address of a record. */
export type Job = (argument: usize, partition: i32) => void;

/** More partitions than this are of no use to anybody. */
export const MOST_PARTITIONS: i32 = 64;
/** Partitions start at multiples of it: normal deviates come in blocks of eight, and SNAP takes atoms in pairs. */
const GRAIN: i32 = 8;
/** ns; a leader that sleeps looks by itself this often. */
const LONG_NAP: i64 = 1_000_000_000;
/** What `atomic.wait` returns when nobody woke it. */
const TIMED_OUT: i32 = 2;

/** Threads that the host knows to have ended, though nobody stopped them: asked of the leader's host alone. */
// @ts-ignore: decorator
@external("env", "lostThreads")
declare function lostThreads(): i32;

// One cache line for what the leader writes, one for what everybody adds to, one for each claim.
const LINE: usize = 64;
const ORDERS: usize = memory.data(64, 64);
const ANSWERS: usize = memory.data(64, 64);
const CLAIMS: usize = memory.data(4096, 64);

@unmanaged
class Orders {
  /** Counts jobs; polled by the threads. */
  generation: i32;
  /** Index of the job in the table, and what it is about. */
  job: i32;
  argument: usize;
  partitions: i32;
  threads: i32;
  /** Polls before a thread sleeps. */
  polls: i32;
  /** 1 where the leader may sleep: not in the main thread of a page. */
  leaderSleeps: i32;
  /** 1 ends `serve`. */
  stop: i32;
}

@unmanaged
class Answers {
  /** Partitions of this job that are done. */
  done: i32;
  /** 1 while the leader sleeps. */
  leaderAsleep: i32;
  /** Threads that sleep. */
  asleep: i32;
  /** Threads that trapped or were lost. */
  failed: i32;
}

const orders = changetype<Orders>(ORDERS);
const answers = changetype<Answers>(ANSWERS);

/** Number of this thread, 0 for the leader. A global: every instance has its own. */
export let thread: i32 = 0;

// @ts-ignore: decorator
@inline
export function partitionCount(): i32 {
  return orders.partitions;
}

// @ts-ignore: decorator
@inline
export function threadCount(): i32 {
  return orders.threads;
}

/** First of `count` own atoms that belongs to a partition; that of the partition after the last is `count`. */
export function firstOf(count: i32, partition: i32): i32 {
  if (partition >= orders.partitions) return count;
  return <i32>((<i64>count * <i64>partition) / <i64>orders.partitions) & ~(GRAIN - 1);
}

/** 128 bytes of each partition for what its part of a job finds; the leader reads them after the job. */
const SHARES: usize = memory.data(8192, 64);

// @ts-ignore: decorator
@inline
export function shareOf(partition: i32): usize {
  return SHARES + (<usize>partition << 7);
}

/** Adds up `count` f64 of the shares, in the order of partitions. */
export function addShares(target: usize, count: usize): void {
  memory.fill(target, 0, count << 3);
  for (let p = 0; p < orders.partitions; p++) {
    const share = shareOf(p);
    for (let k: usize = 0; k < count << 3; k += 8) store<f64>(target + k, load<f64>(target + k) + load<f64>(share + k));
  }
}

/** Sets the team up; nobody may be at work. `threads` counts the leader. */
export function openTeam(partitions: i32, threads: i32, polls: i32, leaderSleeps: i32): void {
  orders.partitions = max(1, min(partitions, MOST_PARTITIONS));
  orders.threads = threads;
  orders.polls = polls;
  orders.leaderSleeps = leaderSleeps;
  answers.done = orders.partitions;
  for (let p: usize = 0; p < <usize>MOST_PARTITIONS; p++) store<i32>(CLAIMS + p * LINE, orders.generation);
}

/** Threads that trapped or were lost since the memory was new. */
export function failedThreads(): i32 {
  return answers.failed;
}

/** True while no job is under way; it is not when the leader trapped in one. */
export function teamAtRest(): bool {
  return answers.done >= orders.partitions;
}

/** Runs a job on every partition and returns when all are done. */
export function runJob(job: Job, argument: usize): void {
  const partitions = orders.partitions;
  if (ASC_FEATURE_THREADS) {
    if (orders.threads > 1 && partitions > 1) {
      runTogether(job.index, argument);
      return;
    }
  }
  answers.done = 0;
  for (let p = 0; p < partitions; p++) job(argument, p);
  answers.done = partitions;
}

function runTogether(job: i32, argument: usize): void {
  orders.job = job;
  orders.argument = argument;
  atomic.store<i32>(ANSWERS, 0);
  const generation = atomic.add<i32>(ORDERS, 1) + 1;
  if (atomic.load<i32>(ANSWERS, offsetof<Answers>("asleep"))) atomic.notify(ORDERS, -1);
  takePartitions(generation);
  const partitions = orders.partitions, polls = orders.polls;
  for (let poll = 0; ; poll++) {
    const done = atomic.load<i32>(ANSWERS);
    if (done >= partitions) return;
    if (poll < polls || !orders.leaderSleeps) continue;
    atomic.store<i32>(ANSWERS, 1, offsetof<Answers>("leaderAsleep"));
    const slept = atomic.wait<i32>(ANSWERS, done, LONG_NAP);
    atomic.store<i32>(ANSWERS, 0, offsetof<Answers>("leaderAsleep"));
    if (slept != TIMED_OUT || !lostThreads()) continue;
    // Nobody will ever answer for it. What is computed from here on is void, and the host will say so.
    atomic.add<i32>(ANSWERS, 1, offsetof<Answers>("failed"));
    return;
  }
}

/** Runs every partition that nobody has claimed yet, starting with this thread's share, which stays in its cache. */
function takePartitions(generation: i32): void {
  const partitions = orders.partitions, job = orders.job, argument = orders.argument;
  let partition = (thread * partitions) / orders.threads;
  for (let k = 0; k < partitions; k++, partition++) {
    if (partition >= partitions) partition = 0;
    // Whoever comes late, with the number of a job that is over, finds it claimed for that job or a later one.
    const claim = CLAIMS + <usize>partition * LINE;
    const last = atomic.load<i32>(claim);
    if (last - generation >= 0 || atomic.cmpxchg<i32>(claim, last, generation) != last) continue;
    call_indirect<void>(job, argument, partition);
    finish();
  }
}

function finish(): void {
  if (atomic.add<i32>(ANSWERS, 1) + 1 < orders.partitions) return;
  if (atomic.load<i32>(ANSWERS, offsetof<Answers>("leaderAsleep"))) atomic.notify(ANSWERS, 1);
}

/** What the other threads do until they are stopped. */
export function serve(index: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  thread = index;
  let seen = atomic.load<i32>(ORDERS);
  while (!atomic.load<i32>(ORDERS, offsetof<Orders>("stop"))) {
    for (let poll = 0; poll < orders.polls && atomic.load<i32>(ORDERS) == seen; poll++) {}
    if (atomic.load<i32>(ORDERS) == seen) {
      atomic.add<i32>(ANSWERS, 1, offsetof<Answers>("asleep"));
      atomic.wait<i32>(ORDERS, seen, -1);
      atomic.sub<i32>(ANSWERS, 1, offsetof<Answers>("asleep"));
    }
    const generation = atomic.load<i32>(ORDERS);
    if (generation == seen || atomic.load<i32>(ORDERS, offsetof<Orders>("stop"))) continue;
    takePartitions(generation);
    seen = generation;
  }
}

/** Called by the host of a thread that trapped in a job: nobody waits for it. */
export function giveUp(): void {
  if (!ASC_FEATURE_THREADS) return;
  atomic.add<i32>(ANSWERS, 1, offsetof<Answers>("failed"));
  finish();
}

/** Ends `serve` in every thread. */
export function stopTeam(): void {
  if (!ASC_FEATURE_THREADS) return;
  atomic.store<i32>(ORDERS, 1, offsetof<Orders>("stop"));
  atomic.add<i32>(ORDERS, 1);
  atomic.notify(ORDERS, -1);
}
