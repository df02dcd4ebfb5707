namespace MiniKube.Kubelet.Probes;

internal enum ProbeType
{
    Startup,
    Liveness,
    Readiness,
}
