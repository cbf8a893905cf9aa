/** Replicas that a kernel for many is compiled for: the largest uniform buffer that every device has holds their records. */
export const MOST_REPLICAS = 256;

/** `replica` is a constant where there is one; `enterReplica` sets it from the third index of the workgroup. */
export const replicaCode = (replicas: number): string =>
  replicas === 1
    ? "const REPLICAS = 1u;\nconst replica = 0u;\nfn enterReplica(index: u32) {}"
    : `const REPLICAS = ${MOST_REPLICAS}u;\nvar<private> replica: u32;\nfn enterReplica(index: u32) { replica = index; }`;
