using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Metrics;

/// <summary>What the endpoints of metrics.k8s.io share.</summary>
internal sealed record UsageParts(CacheReads Reads, KubeletStats Stats, ListEndpoint List, ObjectAnswer Answer, TimeProvider Clock);
