using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Cache;

/// <summary>A pod in the cache: assumed while its binding is on the way, not assumed once the API server showed it bound.</summary>
internal sealed record PodState(PodInfo Pod, string NodeName, bool Assumed);
