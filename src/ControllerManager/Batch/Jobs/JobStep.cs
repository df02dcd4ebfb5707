using System.Runtime.ExceptionServices;

using k8s.Models;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>What a sync did with a job's pods.</summary>
/// <param name="Made">How many it made.</param>
/// <param name="Deleted">Those it deleted.</param>
/// <param name="Retry">When a pod may be made that must wait now; null for none.</param>
/// <param name="Failure">The first failure.</param>
internal sealed record JobStep(int Made, IReadOnlyList<V1Pod> Deleted, TimeSpan? Retry, ExceptionDispatchInfo? Failure)
{
    public static readonly JobStep None = new(0, [], null, null);
}
