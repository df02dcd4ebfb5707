namespace MiniKube.Kubelet.Runtime;

/// <summary>Limits in the kernel's terms. Zero is none. CPU quota is in microseconds a period of 100 ms, memory in bytes.</summary>
internal sealed record ContainerResources(long CpuShares = 2, long CpuQuota = 0, long Memory = 0, int OomScoreAdj = 1000);
